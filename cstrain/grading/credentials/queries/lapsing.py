"""Passes that lapse soon or have lapsed a short while ago, and that no newer pass of the paper replaces."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from cstrain.exams import queries as exams
from cstrain.extensions import local_date, zone
from cstrain.grading.credentials import rules
from cstrain.grading.credentials.facts import RESULT, Credential, Standing
from cstrain.grading.credentials.queries.passes import credentials_of
from cstrain.grading.credentials.store import credential_rules
from cstrain.kernel.ids import PersonId


def lapsing(at: datetime) -> list[Credential]:
    """Return the passes a reminder may be due of, oldest exam first; who has left is among them.

    Only people who began an exam in the days that matter are looked at.
    """
    chapter, today = credential_rules(), local_date(at)
    months = {one.valid_months for one in chapter.papers.values() if one.valid_months is not None}
    spans = {rules.exam_days_to_remind(chapter.reminders, today, number) for number in months}
    people = _who_began(spans, at)
    return _last_of_each(credentials_of(people, at)) if people else []


def _who_began(spans: Collection[tuple[date, date]], at: datetime) -> set[PersonId]:
    ids = [
        attempt
        for first, last in sorted(spans)
        for begun in exams.begun_between(_midnight(first), _midnight(last + timedelta(days=1))).values()
        for attempt in begun
    ]
    return {facts.person_id for facts in exams.attempts(ids, at).values()} if ids else set()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), zone())


def _last_of_each(credentials: Collection[Credential]) -> list[Credential]:
    """Return of each person and paper the pass that lasts longest, of those that lapse."""
    held: dict[tuple[PersonId, str], Credential] = {}
    for one in sorted(credentials, key=lambda one: (one.exam_on, one.ref)):
        if one.origin == RESULT and one.standing is not Standing.REVOKED:
            held[one.person_id, one.paper_ref] = one
    return sorted(held.values(), key=lambda one: (one.exam_on, one.ref))
