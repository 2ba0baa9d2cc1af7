"""Reading practice and the book of wrong questions. Keys leave after an answer or with a released result."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from cstrain.exams import queries as exams
from cstrain.exams.on_paper import queries as on_paper
from cstrain.exams.on_paper.facts import CopyState
from cstrain.extensions import local_date, session
from cstrain.grading.models import Release, Result
from cstrain.grading.practice import rules
from cstrain.grading.practice.facts import (
    Answered,
    BookLine,
    BookPage,
    Mastery,
    OpenBank,
    OpenTopic,
    PracticeSet,
    Standing,
    Summary,
)
from cstrain.grading.practice.models import PracticeAnswer, PracticeQuestion, PracticeRun
from cstrain.grading.practice.policy import PracticeRules
from cstrain.grading.rules import BY_PERSON, WAITING, from_json
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.policies.loader import load
from cstrain.questions import queries as questions
from cstrain.questions.facts import PoolQuestion
from cstrain.questions.question_type import question_types

MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"
PAGE_SIZE = 20
_ORDER = (Mastery.DUE, Mastery.RESTING, Mastery.MASTERED)


def practice_rules() -> PracticeRules:
    """Return the numbers of practice."""
    return load(PracticeRules, "practice.yaml")


def open_bank_names() -> tuple[str, ...]:
    """Return the names of the banks that may be practised."""
    return rules.open_banks(practice_rules(), exams.specs())


def open_pool() -> list[PoolQuestion]:
    """Return the questions that may be practised, as far as their type can be marked by the machine."""
    open_ones = open_bank_names()
    kinds = question_types()
    by_people = {name for name in kinds.names() if kinds.get(name).control in rules.BY_PEOPLE}
    return [each for each in questions.pool(*open_ones) if each.type not in by_people]


def open_banks() -> list[OpenBank]:
    """Return the banks that may be practised with their topics, in the chapter's order."""
    counts: dict[tuple[str, str], int] = {}
    for question in open_pool():
        counts[question.bank, question.topic] = counts.get((question.bank, question.topic), 0) + 1
    names = {bank for bank, _topic in counts}
    titles = {bank.name: bank.title for bank in questions.banks() if bank.name in names}
    topics = questions.all_topic_titles()
    return [
        OpenBank(
            name,
            titles[name],
            tuple(
                OpenTopic(ref, title, counts[name, ref])
                for ref, title in topics[name].items()
                if (name, ref) in counts
            ),
        )
        for name in practice_rules().open_banks
        if name in names
    ]


def sits_now(person: PersonId, at: datetime) -> bool:
    """Tell whether somebody is in the middle of an exam, online or on paper: no key may reach them now."""
    if any(attempt.state in ("open", "expired") for attempt in exams.attempts_of([person], at)):
        return True
    return any(copy.state is CopyState.ISSUED for copy in on_paper.copies_of(person))


def held_back(person: PersonId, at: datetime) -> frozenset[int]:
    """Return the questions of somebody's attempts whose results are not released: their keys stay here."""
    mine = {each.id for each in exams.attempts_of([person], at) if each.state != "voided"}
    released = session().scalars(
        sa.select(Release.attempt_id).where(Release.attempt_id.in_(mine), Release.released_at.is_not(None))
    )
    return frozenset(place.question_id for place in exams.places(mine - set(released)))


def pool_for(person: PersonId, at: datetime) -> dict[int, PoolQuestion]:
    """Return the questions that somebody may practise now, by question."""
    closed = held_back(person, at)
    return {each.question_id: each for each in open_pool() if each.question_id not in closed}


def standings(person: PersonId, at: datetime) -> dict[int, Standing]:
    """Return how somebody stands with each question they ever answered wrongly, by question.

    Counted are released results (of attempts not voided) and practice.
    """
    return rules.standings([*_in_exams(person, at), *_in_practice(person)], practice_rules())


def _in_exams(person: PersonId, at: datetime) -> list[Answered]:
    mine = {each.id: each for each in exams.attempts_of([person], at) if each.state == "submitted"}
    results = session().execute(
        sa.select(Result.attempt_id, Result.marks)
        .join(Release, Release.attempt_id == Result.attempt_id)
        .where(Result.attempt_id.in_(mine), Release.released_at.is_not(None))
        .order_by(Result.attempt_id, Result.number)
    )
    marks = {
        (attempt_id, mark.slot): mark
        for attempt_id, kept in results  # the last marking of an attempt stands
        for mark in map(from_json, kept)
    }
    found = []
    for place in exams.places(mine):
        mark, attempt = marks.get((place.attempt_id, place.slot)), mine[place.attempt_id]
        if mark is None or mark.note in (WAITING, BY_PERSON) or attempt.submitted_at is None:
            continue
        found.append(
            Answered(
                place.question_id,
                attempt.submitted_at,
                local_date(attempt.submitted_at),
                mark.exact >= Fraction(mark.of),
                in_exam=True,
                attempt_id=place.attempt_id,
                slot=place.slot,
            )
        )
    return found


def _in_practice(person: PersonId) -> list[Answered]:
    rows = session().execute(
        sa.select(PracticeAnswer.question_id, PracticeAnswer.answered_at, PracticeAnswer.correct)
        .where(PracticeAnswer.person_id == person)
        .order_by(PracticeAnswer.id)
    )
    return [Answered(row[0], row[1], local_date(row[1]), row[2], in_exam=False) for row in rows]


def book(person: PersonId, at: datetime, state: Mastery | None, page: int) -> BookPage:
    """Return a page of somebody's book (at most the last): due ones first, the latest wrong first.

    Only questions in use of banks that are open to practice; ``state`` narrows it to one standing.
    """
    today = local_date(at)
    pool = pool_for(person, at)
    every = [each for question, each in standings(person, at).items() if question in pool]
    counts = {kind: sum(each.state(today) is kind for each in every) for kind in _ORDER}
    wanted = [each for each in every if state is None or each.state(today) is state]
    wanted.sort(key=lambda each: (_ORDER.index(each.state(today)), -each.last_wrong.at.timestamp()))
    pages = max(1, -(-len(wanted) // PAGE_SIZE))
    here = min(max(1, page), pages)
    shown = wanted[(here - 1) * PAGE_SIZE : here * PAGE_SIZE]
    lines = _lines([(each, each.state(today), pool[each.question_id]) for each in shown])
    return BookPage(lines, counts, state, here, pages)


def _lines(wanted: Sequence[tuple[Standing, Mastery, PoolQuestion]]) -> tuple[BookLine, ...]:
    versions = questions.keyed_versions([question.version_id for _standing, _state, question in wanted])
    titles = questions.all_topic_titles()
    found = []
    for standing, state, question in wanted:
        version = versions[question.version_id]
        right = question_types().get(version.type).describe_key(version.content, version.key)
        found.append(
            BookLine(
                standing,
                state,
                question.bank,
                titles[question.bank][question.topic],
                version.type,
                version.content["stem"],
                right,
                version.explanation,
                version.source,
                question.version_id,
            )
        )
    return tuple(found)


def is_in_book(person: PersonId, version_id: int, at: datetime) -> bool:
    """Tell whether somebody's book shows this version: the present wording of a question they got wrong."""
    shown = {each.version_id: each.question_id for each in pool_for(person, at).values()}
    return version_id in shown and shown[version_id] in standings(person, at)


def due_questions(person: PersonId, at: datetime) -> list[PoolQuestion]:
    """Return the wrong questions whose turn has come, the longest due first."""
    today = local_date(at)
    pool = pool_for(person, at)
    due = [
        (each.due, question)
        for question, each in standings(person, at).items()
        if question in pool and each.due is not None and each.due <= today
    ]
    return [pool[question] for _day, question in sorted(due)]


def summary(person: PersonId, at: datetime) -> Summary:
    """Return what the home says of somebody's practice."""
    today = local_date(at)
    usable = pool_for(person, at)
    states = [each.state(today) for question, each in standings(person, at).items() if question in usable]
    done = session().scalars(sa.select(PracticeAnswer.answered_at).where(PracticeAnswer.person_id == person))
    return Summary(
        due=states.count(Mastery.DUE),
        open=len(states) - states.count(Mastery.MASTERED),
        mastered=states.count(Mastery.MASTERED),
        today=sum(local_date(each) == today for each in done),
    )


def run_of(person: PersonId, run_id: int) -> PracticeRun:
    """Return one's own practice set; a foreign one and a missing one answer the same."""
    row = session().get(PracticeRun, run_id)
    if row is None or row.person_id != person:
        raise NotFoundError(MISSING)
    return row


def practice_set(person: PersonId, run_id: int) -> PracticeSet:
    """Return one's own practice set: what it is, what has been answered."""
    return _sets([run_of(person, run_id)])[0]


def recent_sets(person: PersonId, limit: int = 5) -> list[PracticeSet]:
    """Return somebody's last practice sets, the newest first."""
    rows = session().scalars(
        sa.select(PracticeRun)
        .where(PracticeRun.person_id == person)
        .order_by(PracticeRun.id.desc())
        .limit(limit)
    )
    return _sets(list(rows))


def _sets(rows: Sequence[PracticeRun]) -> list[PracticeSet]:
    ids = [row.id for row in rows]
    counts = _counts(ids)
    answers: dict[int, dict[int, bool]] = {}
    for run_id, place, correct in session().execute(
        sa.select(PracticeAnswer.run_id, PracticeAnswer.place, PracticeAnswer.correct).where(
            PracticeAnswer.run_id.in_(ids)
        )
    ):
        answers.setdefault(run_id, {})[place] = correct
    titles = {bank.name: bank.title for bank in questions.banks()}
    return [
        PracticeSet(
            row.id,
            row.kind,
            titles.get(row.bank, ""),
            row.started_at,
            counts.get(row.id, 0),
            answers.get(row.id, {}),
        )
        for row in rows
    ]


def _counts(run_ids: Collection[int]) -> dict[int, int]:
    rows: Any = session().execute(
        sa.select(PracticeQuestion.run_id, sa.func.count())
        .where(PracticeQuestion.run_id.in_(run_ids))
        .group_by(PracticeQuestion.run_id)
    )
    return {row[0]: row[1] for row in rows}


def question_at(run_id: int, place: int) -> PracticeQuestion:
    """Return the question at a place of a set; raises ``NotFoundError``."""
    row = session().scalar(
        sa.select(PracticeQuestion).where(PracticeQuestion.run_id == run_id, PracticeQuestion.place == place)
    )
    if row is None:
        raise NotFoundError(MISSING)
    return row


def answer_at(run_id: int, place: int) -> PracticeAnswer | None:
    """Return the answer to a place of a set, if there is one."""
    return session().scalar(
        sa.select(PracticeAnswer).where(PracticeAnswer.run_id == run_id, PracticeAnswer.place == place)
    )
