"""What the pages of papers on their way share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext, lazy_gettext

from cstrain.access import actor, may
from cstrain.exams.papermaking import queries, rules, service
from cstrain.exams.papermaking.facts import DraftFacts, Said, Stage
from cstrain.exams.papermaking.forms import DIFFICULTY_WORDS, ReasonForm, SeedForm
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.questions import queries as questions
from cstrain.questions.facts import Control
from cstrain.questions.question_type import question_types

blueprint = Blueprint("papermaking", __name__)

STAGE_WORDS = {
    Stage.WRITTEN: lazy_gettext("在编"),
    Stage.SUBMITTED: lazy_gettext("等批准"),
    Stage.APPROVED: lazy_gettext("已批准"),
    Stage.DROPPED: lazy_gettext("已放弃"),
}


@blueprint.context_processor
def _helpers() -> dict[str, Any]:
    """Give the templates the words for types and difficulties, and what their macros need."""
    return {
        "type_labels": type_words(),
        "difficulty_labels": DIFFICULTY_WORDS,
        "stage_words": STAGE_WORDS,
        "points": lambda value: f"{value.normalize():f}",
        "can": lambda permission: may(actor(), permission),
    }


def type_words() -> dict[str, str]:
    """Return what the question types are called, by their names; those that are chosen from come first."""
    kinds = question_types()
    order = list(Control)
    names = sorted(kinds.names(), key=lambda name: order.index(kinds.get(name).control))
    return {name: str(gettext(kinds.get(name).label)) for name in names}


def today() -> date:
    """Return the company's day."""
    return local_date(now())


def persons(ids: Iterable[PersonId]) -> dict[PersonId, PersonFacts]:
    """Return facts of people as they stand today."""
    return people.people(set(ids), today())


def bank_titles() -> dict[str, str]:
    """Return the titles of all banks by name."""
    return {bank.name: bank.title for bank in questions.banks()}


def said(one: Said) -> str:
    """Return a sentence about a draft in the reader's language."""
    return str(gettext(one.message, **dict(one.values)))


def draft_page(
    draft_id: int, form: ReasonForm | None = None, refused: str = "", seed_form: SeedForm | None = None
) -> str:
    """Show a draft; ``refused``: the act that was refused, with its form. ``seed_form``: a refused number."""
    one = queries.draft(draft_id)
    me = actor()
    found = queries.standing(one.content)
    approves = one.stage is Stage.SUBMITTED and me not in one.people and may(me, "paper.approve", one.author)
    return render_template(
        "papermaking/draft.html",
        one=one,
        standing=found,
        problems=[said(each) for each in found.problems],
        sections=rules.sections_of(one.content),
        stems=stems(one),
        banks=bank_titles(),
        topics=questions.all_topic_titles(),
        names=persons(one.people),
        earliest=service.earliest(one.ref, now()),
        seed_form=seed_form or SeedForm(formdata=None),
        form=form or ReasonForm(formdata=None),
        refused=refused,
        may_write=one.stage is Stage.WRITTEN and may(me, "paper.write"),
        may_take_back=one.stage is Stage.SUBMITTED and me in one.writers and may(me, "paper.write"),
        may_approve=approves,
    )


def stems(one: DraftFacts) -> dict[str, Any]:
    """Return the picked questions by ref, as lists show them; those that are not in use are left out."""
    wanted = {each.ref for each in one.content.picked}
    if not wanted:
        return {}
    return {line.ref: line for line in questions.active_lines(one.content.bank) if line.ref in wanted}
