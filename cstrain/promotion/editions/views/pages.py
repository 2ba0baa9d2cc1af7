"""The list of ladders with their editions, and one edition with what it changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import render_template
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.errors import NotFoundError
from cstrain.promotion import ladders, presenting
from cstrain.promotion.editions import kinds, queries, rules, store
from cstrain.promotion.editions.facts import PART, Changed, Due, Known, Stage, chapter_name, is_chapter
from cstrain.promotion.editions.forms import AcknowledgeForm
from cstrain.promotion.editions.kinds import ChapterPolicy
from cstrain.promotion.editions.views.base import (
    FIELD_WORDS,
    OFFICE_WORDS,
    STAGE_WORDS,
    blueprint,
    persons,
    titled,
    today,
)
from cstrain.promotion.editions.wording import KEY_WORDS
from cstrain.promotion.views.simulating import PARAMETER_WORDS


@blueprint.get("/editions")
@requires("edition.view")
def index() -> str:
    """List the ladders with their editions, and what waits for the reader."""
    on = today()
    every = queries.made()
    waiting = queries.waiting_for(actor(), on)
    refs = {one.ref for one in (*every, *waiting)}
    tracked = queries.acknowledged(on) if may(actor(), "edition.track") else []
    return render_template(
        "editions/index.html",
        ladders=ladders.ladders(on),
        chapters=[ChapterLine.of(one, on) for one in kinds.chapters()],
        titles={ref: titled(ref) for ref in refs},
        coming=[one for one in queries.approved_ladders() if one.effective_from > on],
        open={one.ref: one for one in every if one.is_open},
        closed=[one for one in every if not one.is_open][:20],
        waiting=waiting,
        tracked=tracked,
        names=persons(person for one in every for person in one.people),
        stages=STAGE_WORDS,
        may_draft=may(actor(), "edition.draft"),
        may_verify=may(actor(), "decision.verify"),
    )


@blueprint.get("/editions/mine")
@requires("career.view_own")
def mine() -> str:
    """List the editions that bind the reader; what is still to be acknowledged comes first."""
    due = queries.due_for(actor(), today())
    return render_template("editions/mine.html", due=due, waiting=[one for one in due if one.at is None])


@blueprint.get("/editions/<ref>/<int:number>")
@requires("career.view_own")
def edition(ref: str, number: int) -> str:
    """Show an edition: what it changed, clause by clause, who approved it; and its acknowledgement.

    A chapter binds nobody by itself: its editions are for those who may see how policies are made.
    """
    if is_chapter(ref):
        return _chapter_page(ref, number)
    return edition_page(ref, number, AcknowledgeForm(formdata=None))


def edition_page(ref: str, number: int, form: AcknowledgeForm) -> str:
    """Render an edition's page; ``form`` keeps what was refused."""
    every = ladders.editions(ref)
    shown = next((one for one in every if one.edition == number), None)
    if shown is None:
        raise NotFoundError(store.MISSING)
    before = next((one for one in every if one.edition == number - 1), None)
    return render_template(
        "editions/edition.html",
        ladder=shown,
        before=before,
        on=today(),
        changes=rules.differences(before, shown) if before is not None else [],
        due=_due(ref, number),
        form=form,
        **wording(shown, before or shown),
    )


@dataclass(frozen=True, slots=True)
class ChapterLine:
    """A chapter in the list: its edition in force and those to come."""

    ref: str
    title: str
    current: Known
    coming: tuple[Known, ...]

    @classmethod
    def of(cls, policy: ChapterPolicy, on: date) -> ChapterLine:
        """Return the line of a chapter on a day."""
        coming = tuple(one for one in policy.known() if one.effective_from > on)
        return cls(policy.ref, titled(policy.ref), policy.in_force(on), coming)


def _chapter_page(ref: str, number: int) -> str:
    if not may(actor(), "edition.view"):
        raise NotFoundError(store.MISSING)
    policy = kinds.ChapterPolicy(chapter_name(ref))
    every = policy.known()
    shown = next((one for one in every if one.edition == number), None)
    if shown is None:
        raise NotFoundError(store.MISSING)
    before = max((one.edition for one in every if one.edition < number), default=None)
    made = queries.made(ref)
    return render_template(
        "editions/chapter.html",
        title=titled(ref),
        ref=ref,
        one=shown,
        every=every,
        current=policy.in_force(today()),
        before=before,
        changes=placed(policy.between(before, number)) if before is not None else [],
        text=policy.text_of(number),
        own=next((each for each in made if each.number == number and each.stage is Stage.APPROVED), None),
        made=made,
        names=persons(person for each in made for person in each.people),
        stages=STAGE_WORDS,
        office_words=OFFICE_WORDS,
        may_draft=may(actor(), "edition.draft") and not any(each.is_open for each in made),
        **chapter_wording(),
    )


def placed(changes: list[Changed]) -> list[Changed]:
    """Return what a chapter's edition changes with its places in words."""
    return [replace(one, text=PART.join(_key_word(part) for part in one.text.split(PART))) for one in changes]


def _key_word(key: str) -> str:
    return str(gettext(KEY_WORDS[key])) if key in KEY_WORDS else key


def chapter_wording() -> dict[str, Any]:
    """Return the words with which templates say what differs between editions of a chapter."""

    def value_word(name: str) -> str:
        return " ".join(_key_word(part) for part in name.split(".")) or str(gettext("内容"))

    def step_word(change: Changed) -> str:
        return "" if change.text else str(gettext("整份制度"))

    return {"step_word": step_word, "value_word": value_word, "acts": presenting.ACT_WORDS}


def _due(ref: str, number: int) -> Due | None:
    due = queries.due_for(actor(), today())
    return next((one for one in due if (one.ladder.ref, one.ladder.edition) == (ref, number)), None)


def wording(after: Ladder, before: Ladder) -> dict[str, Any]:
    """Return the words with which templates say what differs."""
    titles = {**before.titles, **after.titles}

    def step_word(change: Changed) -> str:
        if change.step is None:
            return str(gettext("整条通道"))
        start, goal = change.step
        return f"{titles.get(start or '', gettext('起点'))} → {titles.get(goal, goal)}"

    def value_word(name: str) -> str:
        part, _dot, last = name.rpartition(".")
        word = FIELD_WORDS.get(last) or PARAMETER_WORDS.get(last) or last
        return gettext("第%(n)s部分的%(word)s", n=part, word=word) if part else str(word)

    return {
        "step_word": step_word,
        "value_word": value_word,
        "acts": presenting.ACT_WORDS,
        "roads": presenting.ROAD_WORDS,
    }
