"""Reading passes: released results as they stand, what they are good for, when a paper was sat."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from cstrain.exams import queries as exams
from cstrain.exams.facts import AttemptFacts, PaperFacts
from cstrain.extensions import local_date, session
from cstrain.grading.credentials import rules
from cstrain.grading.credentials.facts import OUTSIDE, RESULT, Credential, OutsideFacts, Standing
from cstrain.grading.credentials.policy import CredentialRules
from cstrain.grading.credentials.queries.outside import newest_papers, outside_of
from cstrain.grading.credentials.rules import Marking
from cstrain.grading.credentials.store import credential_rules
from cstrain.grading.models import Release, Result
from cstrain.kernel.ids import PersonId
from cstrain.kernel.units import shown

_QUIZ = "quiz"


@dataclass(frozen=True, slots=True)
class Taken:
    """An attempt with a released result and all its markings in order; the last one counts."""

    attempt: AttemptFacts
    markings: tuple[Marking, ...]
    released_at: datetime

    @property
    def raw(self) -> Decimal:
        """The mark that counts."""
        return self.markings[-1].raw

    @property
    def exam_on(self) -> date:
        """The company's day on which it was begun: the exam date."""
        return local_date(self.attempt.started_at)

    @property
    def counts(self) -> bool:
        """It was not voided."""
        return self.attempt.state != "voided"

    @property
    def passes(self) -> bool:
        """It counts and reaches the pass mark."""
        return self.counts and self.raw >= self.attempt.paper.pass_mark

    @property
    def was_pass(self) -> bool:
        """The candidate was once shown a pass."""
        return rules.was_pass(self.markings, self.released_at, self.attempt.paper.pass_mark)


def _markings(attempt_ids: Collection[int]) -> dict[int, tuple[list[Marking], datetime]]:
    """Return the markings of the released among these attempts. One statement."""
    rows = session().execute(
        sa.select(Result.attempt_id, Result.raw, Result.marked_at, Release.released_at)
        .join(Release, Release.attempt_id == Result.attempt_id)
        .where(Result.attempt_id.in_(attempt_ids), Release.released_at.is_not(None))
        .order_by(Result.attempt_id, Result.number)
    )
    found: dict[int, tuple[list[Marking], datetime]] = {}
    for attempt_id, raw, marked_at, released_at in rows:
        if released_at is not None:
            found.setdefault(attempt_id, ([], released_at))[0].append(Marking(raw, marked_at))
    return found


def _with_markings(attempts: Iterable[AttemptFacts]) -> list[Taken]:
    graded = [facts for facts in attempts if facts.paper.kind != _QUIZ]
    markings = _markings([facts.id for facts in graded])
    return [
        Taken(facts, tuple(markings[facts.id][0]), markings[facts.id][1])
        for facts in graded
        if facts.id in markings
    ]


def taken_by(people: Collection[PersonId], at: datetime) -> list[Taken]:
    """Return the released attempts of these people, quizzes apart, oldest first. Two statements."""
    return _with_markings(exams.attempts_of(people, at))


def taken(attempt_ids: Collection[int], at: datetime) -> dict[int, Taken]:
    """Return the released among these attempts, by id. Two statements."""
    return {one.attempt.id: one for one in _with_markings(exams.attempts(attempt_ids, at).values())}


def credentials_of(people: Collection[PersonId], at: datetime) -> list[Credential]:
    """Return the passes of these people, the newest exam first; a fixed number of statements.

    What was a pass and is none any more stands there as revoked.
    """
    chapter, today, papers = credential_rules(), local_date(at), newest_papers()
    found = [_from_result(one, chapter, today) for one in taken_by(people, at) if one.passes or one.was_pass]
    for entry in outside_of(people):
        paper = papers.get(entry.paper_ref)
        counts = entry.about_id is None and entry.state in {"confirmed", "taken_back"}
        if paper is not None and counts and entry.mark >= paper.pass_mark:
            found.append(_from_outside(entry, paper, chapter, today))
    return sorted(found, key=lambda one: (one.exam_on, one.ref), reverse=True)


def _from_result(one: Taken, chapter: CredentialRules, today: date) -> Credential:
    paper = one.attempt.paper
    policy = chapter.of(paper.ref)
    until = rules.valid_until(one.exam_on, policy.valid_months)
    return Credential(
        one.attempt.person_id,
        paper.ref,
        paper.title,
        RESULT,
        one.attempt.id,
        one.raw,
        shown(one.raw, paper.pass_mark),
        one.exam_on,
        until,
        rules.standing(today, until, stands=one.passes),
        policy.certificate,
    )


def _from_outside(
    entry: OutsideFacts, paper: PaperFacts, chapter: CredentialRules, today: date
) -> Credential:
    until = rules.valid_until(entry.exam_on, chapter.of(paper.ref).valid_months)
    return Credential(
        entry.person_id,
        paper.ref,
        paper.title,
        OUTSIDE,
        entry.id,
        entry.mark,
        shown(entry.mark, paper.pass_mark),
        entry.exam_on,
        until,
        rules.standing(today, until, stands=entry.state == "confirmed"),
        False,
    )


def is_pass(one: Credential) -> bool:
    """Tell whether a credential counts where a pass is asked for: released here, and not lapsed."""
    return one.origin == RESULT and one.standing is Standing.VALID


def passed_people(
    papers: Collection[str], people: Collection[PersonId], at: datetime
) -> dict[str, frozenset[PersonId]]:
    """Return by paper (its ref) who of ``people`` holds a pass of it that has not lapsed on the day.

    A result entered by hand is no pass: it may be the ground of an exemption (SOSO has none), no more.
    """
    held = [one for one in credentials_of(people, at) if is_pass(one)]
    return {ref: frozenset(one.person_id for one in held if one.paper_ref == ref) for ref in papers}


def sat_days(paper_ref: str, people: Collection[PersonId], at: datetime) -> dict[PersonId, list[date]]:
    """Return the days on which these people began a paper (its ref); what was voided is left out."""
    found: dict[PersonId, list[date]] = {person: [] for person in people}
    for facts in exams.attempts_of(people, at):
        if facts.paper.ref == paper_ref and facts.state != "voided":
            found[facts.person_id].append(local_date(facts.started_at))
    return found
