"""Acts of standard setting: open a panel, judge, close a round. A pass mark is never changed here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams import queries as exams
from cstrain.extensions import local_date, session
from cstrain.grading.analysis.queries import released_totals
from cstrain.grading.standards import queries, rules
from cstrain.grading.standards.facts import METHODS, Given, StudyFacts
from cstrain.grading.standards.models import StandardJudge, StandardRating, StandardStudy
from cstrain.grading.statistics.figure import TEST_LEAST
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.questions.slots import paper_desk

_FEWEST = 2
_MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"


def open_study(
    actor: PersonId, now: datetime, paper_ref: str, method: str, judges: Sequence[PersonId], seed: int
) -> int:
    """Open a panel about the edition of a paper in force; returns its id. The judges are told.

    Single questions are judged on a form drawn from ``seed``, as candidates would get one.
    """
    paper = exams.paper(paper_ref, now)
    chosen = tuple(dict.fromkeys(judges))
    able = {one.id for one in queries.possible_judges(local_date(now))}
    if len(chosen) < _FEWEST or not able.issuperset(chosen):
        raise DomainError("没有开始：请选至少两位评委，而且都不在试用期、可以做评委。")
    if method not in METHODS:
        raise DomainError("没有开始：请选择一种方法。")
    desk = paper_desk.filling
    form = desk.form(paper_ref, seed, now) if desk and method != "hofstee" else ()
    study = StandardStudy(
        paper_id=paper.id,
        method=method,
        seed=seed,
        items=[
            {"slot": slot.slot, "version_id": slot.question.version_id, "marks": f"{slot.marks:f}"}
            for slot in form
        ],
        round=1,
        opened_by=actor,
        opened_at=now,
    )
    session().add(study)
    session().flush()
    session().add_all(StandardJudge(study_id=study.id, person_id=judge) for judge in chosen)
    session().flush()
    record(actor, "standard.open", f"standard:{study.id}", paper=paper.id, method=method, judges=len(chosen))
    for judge in chosen:
        _tell(judge, study.id, "请为《%(paper)s》的及格线打分。", paper.title, now)
    return study.id


def _tell(person: PersonId, study_id: int, message: str, paper: str, now: datetime) -> None:
    notify(person, message, values={"paper": paper}, url=f"/standards/{study_id}", now=now)


def _locked(study_id: int) -> StandardStudy:
    row = session().get(StandardStudy, study_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFoundError(_MISSING)
    if row.closed_at is not None:
        raise ConflictError("这次定标已经结束，不能再改。请刷新后看结果。")
    return row


def rate(actor: PersonId, now: datetime, study_id: int, number: int, given: Given) -> None:
    """Keep what a judge says in the round ``number`` they saw; until it is over they may change it."""
    row = _locked(study_id)
    study = queries.study(study_id)
    if actor not in study.judges:
        raise NotFoundError(_MISSING)
    if number != row.round:
        raise ConflictError("这一轮已经结束，没有保存。请刷新后在新的一轮里打分。")
    _check(study, given)
    held = session().scalar(
        sa.select(StandardRating).where(
            StandardRating.study_id == study_id,
            StandardRating.person_id == actor,
            StandardRating.round == number,
        )
    )
    if held is None:
        held = StandardRating(study_id=study_id, person_id=actor, round=number)
        session().add(held)
    held.given = {name: f"{value:f}" for name, value in given.items()}
    held.given_at = now
    session().flush()
    record(actor, "standard.rate", f"standard:{study_id}", round=number)


def _check(study: StudyFacts, given: Given) -> None:
    lacking = rules.missing(given, study.items, by_question=study.by_question)
    if lacking:
        raise DomainError("没有保存：还有%(n)s处没有填。请填完再提交。", n=len(lacking))
    if study.by_question and not all(0 <= value <= 100 for value in given.values()):
        raise DomainError("没有保存：比例要在0到100之间。")
    if not study.by_question and rules.contradicts(given):
        raise DomainError("没有保存：四个数都要在0到100之间，最低的不能高于最高的。")


def close_round(actor: PersonId, now: datetime, study_id: int, number: int, *, final: bool) -> None:
    """End the round ``number``; the last one, or ``final``, ends the panel with its result.

    Refused before two judges have judged. Who has not judged in the second round stands by the first.
    """
    row = _locked(study_id)
    if number != row.round:
        raise ConflictError("这一轮已经由别人结束了。请刷新后再看。")
    study = queries.study(study_id)
    if len(queries.given(study_id, row.round)) < _FEWEST:
        raise ConflictError("还不能结束：至少要两位评委打完分。")
    if not final and row.round < study.last_round:
        row.round, row.first_closed_at = row.round + 1, now
        session().flush()
        record(actor, "standard.close_round", f"standard:{study_id}", round=number)
        for judge in study.judges:
            _tell(judge, study_id, "《%(paper)s》定标进入第二轮，请再打一次分。", study.paper.title, now)
        return
    row.result = _result(study)
    row.closed_by, row.closed_at = actor, now
    session().flush()
    record(actor, "standard.close", f"standard:{study_id}", round=number, cut=row.result["cut"])


def _result(study: StudyFacts) -> dict[str, Any]:
    ratings = queries.given(study.id, study.round)
    if not study.by_question:
        totals = marks_of(study)
        return rules.hofstee_record(rules.compromise(ratings, totals), len(ratings))
    first = rules.panel(queries.given(study.id, 1), study.items) if study.round > 1 else None
    return rules.angoff_record(rules.panel(ratings, study.items), first)


def marks_of(study: StudyFacts) -> list[Fraction]:
    """Return the marks a panel of four numbers is held against; refuses when there are too few."""
    totals = released_totals(study.paper.ref, study.paper.id)
    if len(totals) < TEST_LEAST:
        raise ConflictError(
            "还不能结束：这份试卷只有%(n)s份已发布的首次成绩，至少要%(least)s份才知道会有多少人不过线。",
            n=len(totals),
            least=TEST_LEAST,
        )
    return totals
