"""The sections each person sees, from what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flask import current_app, request, url_for
from flask_babel import get_locale, gettext
from flask_login import current_user

from cstrain.access import actor, permissions_of


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the house: where it leads, which permission opens it, its icon, its group in menus.

    ``also``: first parts of addresses whose pages belong to it as well. ``duty``: who may do this works here
    every day, and finds it right behind the first section.
    """

    label: str
    endpoint: str
    permission: str
    icon: str
    group: str
    also: frozenset[str] = frozenset()
    duty: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A section as the layout shows it: ``current`` on its page and, with ``below``, on pages under it."""

    label: str
    url: str
    current: bool
    icon: str
    below: bool = False
    group: str = ""


_BANK_PAGES = frozenset(
    (
        "questions",
        "question-editor",
        "question-drafts",
        "question-imports",
        "question-reports",
        "question-bulks",
        "question-views",
        "question-trial",
        "bank-coverage",
        "bank-settings",
        "bank-export",
        "near-duplicates",
        "new-bank",
        "papers",
        "rule-changes",
        "weak-questions",
    )
)

SECTIONS: tuple[Section, ...] = (
    Section("今天", "web.home", "signed_in", "home", "管理"),
    Section("培训计划", "onboarding.my_programme", "programme.follow", "book", "学习"),
    Section("学员", "onboarding.my_trainees", "day.sign", "pen", "学习"),
    Section("看板", "onboarding.board", "board.view", "board", "学习"),
    Section("转正", "conversion.cases", "conversion.manage", "medal", "学习"),
    Section("考试", "exams.my_sittings", "exam.sit", "paper", "考试"),
    Section("当场打分", "live.tasks", "oral.mark", "pen", "考试"),
    Section("阅卷", "marking.index", "answer.mark", "pen", "考试"),
    Section("考试场次", "exams.sittings", "sitting.watch", "paper", "考试"),
    Section("成绩", "grading.my_scores", "score.view_own", "chart", "考试"),
    Section("质检", "quality.index", "quality.view_own", "talk", "绩效"),
    Section("绩效", "performance.mine", "performance.view_own", "chart", "绩效"),
    Section("月度评价", "reviews.mine", "review.view_own", "talk", "绩效"),
    Section("月度考核", "assessment.mine", "assessment.view_own", "medal", "绩效"),
    Section("评优与报告", "activities.wall", "title.read", "medal", "绩效"),
    Section("练习", "practice.index", "practice.use", "flag", "学习"),
    Section("晋升通道", "promotion.career", "career.view_own", "chart", "晋升"),
    Section("晋升", "promotion.staff", "promotion.view", "people", "晋升"),
    Section("晋升制度", "editions.index", "edition.view", "law", "晋升"),
    Section("晋升申请", "applications.index", "application.view", "medal", "晋升"),
    Section("季度评级", "ratings.index", "rating.view_own", "chart", "晋升"),
    Section("发布与申诉", "grading.desk", "score.release", "talk", "考试"),
    Section("扣分与登记", "discipline.mine", "deduction.view_own", "flag", "绩效"),
    Section("题库", "questions.banks", "bank.view", "box", "考试", _BANK_PAGES, "bank.edit"),
    Section("资料", "lessons.handbooks", "lesson.read", "book", "学习", duty="lesson.write"),
    Section("短语库", "lessons.phrases", "signed_in", "talk", "学习"),
    Section("考试分析", "analysis.papers", "statistics.view", "chart", "考试"),
    Section("阅卷一致性", "marking.agreement", "agreement.view", "chart", "考试"),
    Section("对账", "evidence.reconciliation", "sitting.reconcile", "ok", "考试"),
    Section("人员", "people.directory", "person.view", "people", "管理"),
    Section("竞聘", "competitions.index", "competition.view", "flag", "晋升"),
    Section("调动", "moves.index", "move.view_own", "people", "晋升"),
    Section("雏鹰计划", "eaglet.index", "eaglet.view", "people", "晋升"),
    Section("制度", "rulebook.documents", "rulebook.read", "law", "管理"),
    Section("审计", "audit.log", "audit.read", "lock", "管理"),
)


@dataclass(frozen=True, slots=True)
class _Place:
    """A section in the words of a language, with its address."""

    endpoint: str
    url: str
    label: str
    icon: str
    group: str
    also: frozenset[str]


def navigation() -> tuple[Link, ...]:
    """Return the signed-in person's sections; empty for a visitor."""
    if not current_user.is_authenticated:
        return ()
    places = _places(request.script_root, str(get_locale()), permissions_of(actor()))
    endpoint, path = request.endpoint, request.path
    for number, place in enumerate(places):
        if place.endpoint == endpoint:
            return _links(places, number, None)  # then it is not below another too
    above = [number for number, place in enumerate(places) if _is_below(place, path)]
    return _links(places, None, max(above, key=lambda number: len(places[number].url), default=None))


def _is_below(place: _Place, path: str) -> bool:
    if place.url != "/" and path.startswith(f"{place.url}/"):
        return True
    return path.split("/", 2)[1] in place.also


@lru_cache(maxsize=512)
def _links(places: tuple[_Place, ...], at: int | None, below: int | None) -> tuple[Link, ...]:
    """Return sections with the one that somebody is at, or below, marked."""
    return tuple(
        Link(one.label, one.url, number in (at, below), one.icon, number == below, one.group)
        for number, one in enumerate(places)
    )


@lru_cache(maxsize=512)
def _places(_root: str, _locale: str, held: frozenset[str]) -> tuple[_Place, ...]:
    """Return where somebody may go, worked out once for each way of asking: 35 words and addresses."""
    home, *others = SECTIONS
    return tuple(
        _Place(
            section.endpoint,
            url_for(section.endpoint),
            gettext(section.label),
            section.icon,
            gettext(section.group),
            section.also,
        )
        for section in (home, *sorted(others, key=lambda one: one.duty not in held))
        if section.endpoint in current_app.view_functions
        and (section.permission == "signed_in" or section.permission in held)
    )
