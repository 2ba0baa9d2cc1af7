"""Sealed decisions, verified as one looks: the seal, and the findings judged again."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from cstrain.access import actor, may, requires
from cstrain.judgement.recounting import Deviation, Recounted
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.promotion.applications.policy import EVENT_WORDS
from cstrain.promotion.competition import queries as competition
from cstrain.promotion.eaglet import queries as eaglet
from cstrain.promotion.editions import queries
from cstrain.promotion.editions.queries.calculations import PAGE, ROOMS
from cstrain.promotion.editions.store import MISSING
from cstrain.promotion.editions.views.base import Pages, blueprint, persons, today
from cstrain.promotion.editions.wording import KIND_WORDS, value_of, what_of
from cstrain.promotion.rating import queries as rating
from cstrain.ui.forms import typed_day, whole

STAGES = {
    "submit": lazy_gettext("提交时"),
    "check": lazy_gettext("资格审核时"),
    "decide": lazy_gettext("决定时"),
    "appeal": lazy_gettext("申诉答复时"),
}


LISTS = {
    "": lazy_gettext("晋升申请"),
    "competition": lazy_gettext("竞聘统分"),
    "rating": lazy_gettext("季度评级"),
    "eaglet": lazy_gettext("雏鹰计划"),
}

_ADDRESSES = {
    "competition": ("competitions.show", "competition_id", "competition.view"),
    "rating": ("ratings.line", "line_id", "rating.view"),
    "late": ("ratings.sheet", "run_id", "rating.view"),
    "screening": ("eaglet.show", "plan_id", "eaglet.view"),
    "interviews": ("eaglet.show", "plan_id", "eaglet.view"),
    "closing": ("eaglet.show", "plan_id", "eaglet.view"),
}
_BY_ITSELF = {"rating"}
"""Kinds with a page of their own; the others are shown on the page of what they belong to."""


@blueprint.get("/decisions")
@requires("decision.verify")
def decisions() -> str:
    """List sealed decisions, or those calculations that ``?of=`` names, the newest first, verified now."""
    page, room = max(request.args.get("page", 1, whole), 1), request.args.get("of", "")
    if room:
        return _calculations(room, page)
    total, found = queries.verified_page(page)
    return render_template(
        "editions/decisions.html",
        total=total,
        found=found,
        bad=sum(not one.same for one in found),
        pages=_pages(page, total, {}),
        stages=STAGES,
        doors=_doors(""),
    )


def _calculations(room: str, page: int) -> str:
    if room not in ROOMS:
        raise NotFoundError(MISSING)
    found = queries.recounted_page(room, page)
    return render_template(
        "editions/calculations.html",
        room=room,
        found=found,
        bad=sum(not one.same for one in found),
        pages=_pages(page, queries.recounted_numbers()[room], {"of": room}),
        doors=_doors(room),
        links={(one.kind, one.id): _address(one) for one in found},
        kinds=KIND_WORDS,
        what_of=what_of,
        word_of=_word_of,
        titles=_titles(room, found),
    )


def _word_of(one: Deviation, value: str) -> str:
    """Return a value in the reader's words where it is a known code."""
    word = value_of(one, value)
    return str(gettext(word)) if word != value else value


def _titles(room: str, found: list[Recounted]) -> dict[int, str]:
    """Return what calculations belong to, by its number: the post, the quarter of a ladder, the plan."""
    return {one: _title(room, one) for one in {each.of for each in found}}


def _title(room: str, of: int) -> str:
    if room == "competition":
        return competition.competition(of, today()).post
    if room == "eaglet":
        return eaglet.plan(of, today()).title
    run = rating.run(of)
    when = gettext("%(year)s年第%(n)s季度", year=run.quarter.first.year, n=run.quarter.number)
    return f"{when} {run.title}"


def _address(one: Recounted) -> str:
    """Return the page of a calculation; empty for who may not open it."""
    endpoint, name, permission = _ADDRESSES[one.kind]
    if not may(actor(), permission):
        return ""
    values: dict[str, Any] = {name: one.id if one.kind in _BY_ITSELF else one.of}
    return url_for(endpoint, **values)


def _doors(current: str) -> list[tuple[str, str, bool]]:
    """Return the lists: word, address, whether it is the one shown."""
    return [
        (words, url_for("editions.decisions", of=room or None), room == current)
        for room, words in LISTS.items()
    ]


def _pages(page: int, total: int, values: dict[str, str]) -> Pages:
    pages = max(1, -(-total // PAGE))
    return Pages(min(page, pages), pages, "editions.decisions", dict(values))


@blueprint.get("/decisions/<int:record_id>")
@requires("decision.verify")
def decision(record_id: int) -> str:
    """Show one sealed record: its edition, its findings, who acted, the papers' hashes, what differs."""
    found, kept = queries.verified(record_id)
    acted = kept.get("people", ())
    return render_template(
        "editions/decision.html",
        one=found,
        findings=kept.get("findings", ()),
        people=acted,
        names=persons(PersonId(each["by"]) for each in acted if each["by"] is not None),
        words=EVENT_WORDS,
        files=[(paper_word(name), digest) for name, digest in sorted(kept.get("files", {}).items())],
        on=typed_day(found.on),
        ladder=kept.get("ladder", {}),
        stages=STAGES,
    )


def paper_word(name: str) -> str:
    """Return the word for a sealed paper: the minutes, or a juror's sheet (its number stays)."""
    kind, _, number = name.partition(":")
    if kind == "minutes":
        return str(gettext("答辩记录"))
    return str(gettext("评委的评分表（%(n)s）", n=number)) if kind == "sheet" else name
