"""The sections each person sees, from what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from flask import current_app, request, url_for
from flask_babel import gettext
from flask_login import current_user

from cstrain.access import actor, may


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the house: where it leads, which permission opens it, its icon, its group in long menus."""

    label: str
    endpoint: str
    permission: str
    icon: str
    group: str


@dataclass(frozen=True, slots=True)
class Link:
    """A section as the layout shows it: ``current`` on its page and, with ``below``, on pages under it."""

    label: str
    url: str
    current: bool
    icon: str
    below: bool = False
    group: str = ""


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
    Section("资料", "lessons.handbooks", "lesson.read", "book", "学习"),
    Section("短语库", "lessons.phrases", "signed_in", "talk", "学习"),
    Section("题库", "questions.banks", "bank.view", "box", "考试"),
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


def navigation() -> list[Link]:
    """Return the signed-in person's sections; empty for a visitor."""
    if not current_user.is_authenticated:
        return []
    person = actor()
    shown = [
        section
        for section in SECTIONS
        if section.endpoint in current_app.view_functions
        and (section.permission == "signed_in" or may(person, section.permission))
    ]
    itself = any(section.endpoint == request.endpoint for section in shown)
    return [_link(section, itself=itself) for section in shown]


@cache
def _address(_root: str, endpoint: str) -> str:
    """Work a section's address out once for each place the application is mounted at."""
    return url_for(endpoint)


def _link(section: Section, *, itself: bool) -> Link:
    """Return a section's link; ``itself``: the page is a section, so it is not shown as below another too."""
    url = _address(request.script_root, section.endpoint)
    below = not itself and url != "/" and request.path.startswith(f"{url}/")
    current = below or section.endpoint == request.endpoint
    return Link(gettext(section.label), url, current, section.icon, below, gettext(section.group))
