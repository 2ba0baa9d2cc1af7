"""What the page of a sitting holds for who watches it: candidates, proposals, outages, incidents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for

from cstrain.access import actor, may
from cstrain.exams import queries
from cstrain.exams.facts import AttemptFacts, InterventionFacts
from cstrain.exams.forms import ExtendForm, ReasonForm
from cstrain.exams.invigilation import queries as invigilation
from cstrain.exams.invigilation.facts import CreditFacts, IncidentFacts, Offer, OutageFacts, PauseFacts
from cstrain.exams.invigilation.forms import INCIDENT_WORDS, IncidentForm
from cstrain.exams.views.watch_rows import Watched, known_of, row_of, with_exempt
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import AttemptId, PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.ui.forms import whole

_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Together:
    """Proposals made in one go, which a second person may decide in one go."""

    proposals: tuple[InterventionFacts, ...]

    @property
    def first(self) -> InterventionFacts:
        """One of them, which stands for all."""
        return self.proposals[0]


@dataclass(frozen=True, slots=True)
class Gap:
    """An outage as it touches a sitting: who is still owed time, what waits for a second person."""

    outage: OutageFacts
    source: str
    owed: tuple[Offer, ...]
    waiting: tuple[CreditFacts, ...]
    given: int

    @property
    def seconds(self) -> int:
        """The most that one of them is owed, or was proposed."""
        return max([one.seconds for one in self.owed] + [one.seconds for one in self.waiting], default=0)


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a long list of candidates."""

    sitting_id: int
    page: int
    pages: int

    def url(self, number: int) -> str:
        """Return the address of a page."""
        return url_for("exams.watch", sitting_id=self.sitting_id, page=number)


@dataclass(frozen=True, slots=True)
class Desk:
    """What people have noted and proposed in a sitting, without what is about the reader."""

    proposals: list[Together]
    pauses: list[PauseFacts]
    credits: list[CreditFacts]
    gaps: list[Gap]
    incidents: list[IncidentFacts]

    @property
    def people(self) -> set[PersonId]:
        """Who did something there."""
        found = {one.noted_by for one in self.incidents} | {one.proposed_by for one in self.credits}
        found |= {one.first.proposed_by for one in self.proposals}
        found |= {one.proposed_by for gap in self.gaps for one in gap.waiting}
        return found | {one.paused_by for one in self.pauses if one.paused_by is not None}


def watch_page(sitting_id: int, template: str = "exams/watch.html", **refused: Any) -> str:
    """Render the sitting for who watches it, with ``errors`` or the form of a refused act by name."""
    at, me = now(), actor()
    candidates = queries.candidates_of(sitting_id)
    attempts = queries.attempts_at(sitting_id, at)
    others = [one for one in attempts if one.person_id != me]
    desk = _desk(sitting_id, attempts, at)
    names = people.people(desk.people | set(candidates), local_date(at))
    pages, rows = _rows(sitting_id, candidates, others, names, at)
    sitting = queries.sitting(sitting_id)
    return render_template(
        template,
        sitting=sitting,
        rows=with_exempt(rows, sitting, at),
        pages=pages,
        counts=queries.reconciliation(len(candidates), attempts),
        running=sum(one.state == "open" for one in others),
        paused=sum(one.state == "open" and one.paused_at is not None for one in others),
        desk=desk,
        whose={one.id: one.person_id for one in others},
        names=names,
        room_code=queries.room_code(sitting_id, me, at),
        cancel_form=refused.get("cancel_form") or ReasonForm(formdata=None),
        gap_form=refused.get("gap_form"),
        **common(at, refused),
        **_forms(refused),
    )


def common(at: datetime, refused: dict[str, Any]) -> dict[str, Any]:
    """Return what every page of who invigilates shows by."""
    me = actor()
    return {
        "at": at,
        "me_id": me,
        "kinds": INCIDENT_WORDS,
        "rules": queries.exam_rules(),
        "chapter": invigilation.invigilation_rules(),
        "may_arrange": may(me, "sitting.arrange"),
        "may_transcribe": may(me, "sitting.transcribe"),
        "may_extend": may(me, "sitting.extend"),
        "errors": refused.get("errors", ()),
    }


def _forms(refused: dict[str, Any]) -> dict[str, Any]:
    return {
        "extend_form": named("all-extend", refused.get("extend_form") or ExtendForm(formdata=None)),
        "pause_form": named("all-pause", refused.get("pause_form") or ReasonForm(formdata=None)),
        "incident_form": named("note", refused.get("incident_form") or IncidentForm(formdata=None)),
    }


def named(name: str, form: Any) -> Any:
    """Give a form's fields ids of their own: several forms with the same fields stand on one page."""
    for field in form:
        field.id = f"{name}-{field.name}"
    return form


def together(waiting: Iterable[InterventionFacts]) -> list[Together]:
    """Return proposals by the go they were made in."""
    found: dict[tuple[Any, ...], list[InterventionFacts]] = {}
    for one in waiting:
        key = (one.kind, one.minutes, one.reason, one.proposed_by, one.proposed_at)
        found.setdefault(key, []).append(one)
    return [Together(tuple(each)) for each in found.values()]


def _desk(sitting_id: int, attempts: Sequence[AttemptFacts], at: datetime) -> Desk:
    me = actor()
    own = {one.id for one in attempts if one.person_id == me}
    waiting = [one for one in queries.open_interventions(sitting_id) if one.person_id != me]
    credits = [one for one in invigilation.open_credits(sitting_id) if one.person_id != me]
    return Desk(
        proposals=together(waiting),
        pauses=[one for one in invigilation.unconfirmed_pauses(at, sitting_id) if one.person_id != me],
        credits=[one for one in credits if not one.source.startswith("outage:")],
        gaps=_gaps(attempts, [one.id for one in attempts if one.person_id != me], at),
        incidents=[one for one in invigilation.incidents(sitting_id) if one.attempt_id not in own],
    )


def _gaps(attempts: Sequence[AttemptFacts], others: Collection[AttemptId], at: datetime) -> list[Gap]:
    outages = invigilation.outages(min(one.started_at for one in attempts), at) if attempts else []
    if not outages:
        return []
    owed, credits = invigilation.offers(others, at), invigilation.credits_of(others)
    gaps = [_gap(one, owed, credits) for one in outages]
    return [gap for gap in gaps if gap.owed or gap.waiting or gap.given]


def _gap(outage: OutageFacts, owed: Iterable[Offer], credits: Sequence[CreditFacts]) -> Gap:
    source = f"outage:{outage.id}"
    return Gap(
        outage,
        source,
        tuple(one for one in owed if one.source == source),
        tuple(one for one in credits if one.source == source and one.given is None),
        sum(one.source == source and one.given is True for one in credits),
    )


def _rows(
    sitting_id: int,
    candidates: dict[PersonId, int],
    attempts: Sequence[AttemptFacts],
    names: dict[PersonId, PersonFacts],
    at: datetime,
) -> tuple[Pages, list[Watched]]:
    """Return a page of the candidates but oneself: nobody watches themself."""
    last = {attempt.person_id: attempt for attempt in attempts}
    listed = [names[one] for one in candidates if one in names and one != actor()]
    listed.sort(key=lambda one: one.staff_no)
    pages = max(1, -(-len(listed) // _A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=whole)), pages)
    shown = listed[(page - 1) * _A_PAGE : page * _A_PAGE]
    known = known_of([last[one.id].id for one in shown if one.id in last], at)
    rows = [row_of(one, candidates[one.id], last.get(one.id), known, at) for one in shown]
    return Pages(sitting_id, page, pages), rows


def flagged(at: datetime) -> dict[int, set[str]]:
    """Return which sittings wait for people because of time: ``credit``, ``pause`` or ``hold``."""
    found: dict[int, set[str]] = {}
    for word, ones in (
        ("credit", invigilation.open_credits()),
        ("pause", invigilation.unconfirmed_pauses(at)),
        ("hold", invigilation.holds()),
    ):
        for one in ones:
            found.setdefault(one.sitting_id, set()).add(word)
    return found
