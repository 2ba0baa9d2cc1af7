"""A draft on its own page: what it would be, how it differs from what is in use, and the writer's acts."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.lessons import queries as lessons
from cstrain.questions.authoring import bank_queries, queries, service
from cstrain.questions.authoring.differing import Differing, differing
from cstrain.questions.authoring.editing.looking import Look, look
from cstrain.questions.authoring.facts import OPEN, Alike, DraftSheet
from cstrain.questions.authoring.forms import ReasonForm, held_sheet
from cstrain.questions.authoring.question_desk import said_of, version_fields
from cstrain.questions.authoring.rules import may_decide, may_write
from cstrain.questions.authoring.views.base import blueprint, lost_of, must_not_sit, names_of
from cstrain.questions.folding import squeeze
from cstrain.questions.searchable import words_of
from cstrain.ui.refusal import attempt


@blueprint.get("/question-drafts/<int:draft_id>")
@requires("bank.review")
def draft(draft_id: int) -> str:
    """Show a draft with its key, its difference to the wording in use, and what can be done with it."""
    return draft_page(_draft(draft_id))


def _draft(draft_id: int) -> DraftSheet:
    found = queries.draft_sheet(draft_id)
    must_not_sit(found.bank)
    return found


def draft_page(sheet: DraftSheet, form: ReasonForm | None = None, refused: str = "") -> str:
    """Return the page of a draft; ``refused`` names the form that is shown again."""
    me = actor()
    own = held_sheet(sheet.writing)
    found = look(sheet.writing.fields, own.states, lessons.headings(), lost_of(own.pictures()))
    people = {*sheet.writers, sheet.author, sheet.decided_by}
    comments = queries.comments(sheet.question_id)
    if form is not None:  # the page has two boxes for a reason: what is told links to the refused one
        form.reason.id = f"reason-{refused}"
    return render_template(
        "authoring/draft.html",
        sheet=sheet,
        look=found,
        changes=_changes(sheet),
        alike=_alike(sheet, found),
        source=lessons.source_links([str(sheet.writing.fields.get("source", ""))]),
        names=names_of({*people, *(each.person for each in comments)}),
        comments=comments,
        form=form or ReasonForm(formdata=None),
        refused=refused,
        may_edit=may(me, "bank.edit") and may_write(sheet.state),
        may_take_back=may(me, "bank.edit") and sheet.state == "review",
        may_drop=may(me, "bank.edit") and sheet.state in OPEN,
        may_accept=may_decide(sheet.state, sheet.writers, me),
        is_writer=me in sheet.writers,
    )


def _changes(sheet: DraftSheet) -> list[Differing] | None:
    """Return how a draft differs from the version before it; ``None`` for a question without one."""
    before = [each for each in bank_queries.editions(sheet.question_id) if each.number < sheet.number]
    if not before:
        return None
    fields = version_fields(before[:1])[before[0].id]
    now_said = said_of(sheet.writing.fields, with_key=True)
    return differing(said_of(fields, with_key=True), now_said)


def _alike(sheet: DraftSheet, found: Look) -> list[Alike]:
    content = found.content
    if content is None or sheet.state not in OPEN:
        return []
    words = words_of("", content)
    return bank_queries.alike(sheet.bank, sheet.question_id, str(content["stem"]), squeeze(words))


@blueprint.post("/question-drafts/<int:draft_id>/submit")
@requires("bank.edit")
def submit(draft_id: int) -> Any:
    """Hand a draft in for review."""
    sheet = _draft(draft_id)
    form = ReasonForm(formdata=None)
    if not attempt(form, lambda: service.submit(draft_id, actor(), now())):
        return draft_page(sheet, form, "submit"), 422
    flash(gettext("稿件已交审，等另一位同事审核。"), "ok")
    return redirect(url_for("authoring.draft", draft_id=draft_id))


@blueprint.post("/question-drafts/<int:draft_id>/take-back")
@requires("bank.edit")
def take_back(draft_id: int) -> Any:
    """Take a draft out of review, to go on writing."""
    _draft(draft_id)
    service.take_back(draft_id, actor(), now())
    flash(gettext("已撤回，可以接着写。"), "ok")
    return redirect(url_for("authoring.edit", draft_id=draft_id))


@blueprint.post("/question-drafts/<int:draft_id>/drop")
@requires("bank.edit")
def drop(draft_id: int) -> Any:
    """Give a draft up, with the reason."""
    sheet = _draft(draft_id)
    form = ReasonForm()
    if not form.validate() or not attempt(
        form, lambda: service.drop(draft_id, actor(), now(), form.reason.data or "")
    ):
        return draft_page(sheet, form, "drop"), 422
    flash(gettext("稿件已作废。"), "ok")
    return redirect(url_for("authoring.queue"))
