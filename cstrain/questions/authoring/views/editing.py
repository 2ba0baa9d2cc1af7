"""The editor: a page a type, with what a candidate will see beside it."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now, session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.lessons import queries as lessons
from cstrain.media import service as media
from cstrain.media.service import MOST_PICTURE
from cstrain.questions.authoring import bank_queries, queries, service
from cstrain.questions.authoring.differing import differing
from cstrain.questions.authoring.editing.looking import Look, look
from cstrain.questions.authoring.facts import BankSheet, DraftSheet
from cstrain.questions.authoring.forms import (
    ContextForm,
    Sheet,
    blank_sheet,
    held_sheet,
    offered,
    topic_choices,
    typed_sheet,
)
from cstrain.questions.authoring.question_desk import said_of
from cstrain.questions.authoring.rules import may_write
from cstrain.questions.authoring.store import NO_DRAFT
from cstrain.questions.authoring.views.base import blueprint, lost_of, must_not_sit
from cstrain.questions.forms import TYPE_LABELS
from cstrain.questions.question_type import question_types
from cstrain.ui.refusal import told
from cstrain.unit_of_work import own_transaction, unit_of_work

_NO_TYPE = "没有这种题型。请回到题库，重新选一种。"


@blueprint.get("/question-editor/<name>")
@requires("bank.edit")
def choose(name: str) -> str:
    """Ask which type of question is to be written for a bank."""
    must_not_sit(name)
    kinds = [(kind, TYPE_LABELS.get(kind, kind)) for kind in _types()]
    tips = {kind: blank_sheet(kind, "").editor.tip for kind, _label in kinds}
    bank = bank_queries.bank_sheet(name)
    topic = offered(request.args.get("topic", ""), {each.ref: each for each in bank.topics})
    return render_template("authoring/choose.html", bank=bank, kinds=kinds, tips=tips, topic=topic)


def _types() -> list[str]:
    """Return the types in the order in which pages name them."""
    known = question_types()
    return [name for name in TYPE_LABELS if name in known] + [
        name for name in known.names() if name not in TYPE_LABELS
    ]


@blueprint.get("/question-editor/<name>/<kind>")
@requires("bank.edit")
def compose(name: str, kind: str) -> str:
    """Show the empty editor of a type."""
    bank = _bank(name, kind)
    topic = offered(request.args.get("topic", ""), {each.ref: each for each in bank.topics})
    return _page(bank, blank_sheet(kind, topic or bank.first), fresh=True)


@blueprint.post("/question-editor/<name>/<kind>")
@requires("bank.edit")
def start(name: str, kind: str) -> Any:
    """Keep a new question as a draft."""
    bank = _bank(name, kind)
    sheet = typed_sheet(kind, request.form)
    try:
        _take_picture(sheet)
        draft = service.start(name, sheet.writing(), actor(), now())
    except DomainError as error:
        session().rollback()
        return _page(bank, sheet, refusal=told(error), dirty=True), 422
    return _kept(draft.id)


@blueprint.get("/question-drafts/<int:draft_id>/edit")
@requires("bank.edit")
def edit(draft_id: int) -> Any:
    """Show a draft in its editor; one that cannot be written in now is shown as it stands."""
    draft = _draft(draft_id)
    if not may_write(draft.state):
        return redirect(url_for("authoring.draft", draft_id=draft_id))
    return _page(bank_queries.bank_sheet(draft.bank), held_sheet(draft.writing), draft)


@blueprint.post("/question-drafts/<int:draft_id>/edit")
@requires("bank.edit")
def save(draft_id: int) -> Any:
    """Keep what was typed into a draft; beside somebody else's newer wording nothing is kept."""
    draft = _draft(draft_id)
    sheet = typed_sheet(str(draft.writing.fields["type"]), request.form)
    form = ContextForm()
    seen = (form.revision.data if form.validate() else 0) or 0
    try:
        _take_picture(sheet)
        service.save(draft_id, seen, sheet.writing(), actor(), now())
    except DomainError as error:
        session().rollback()
        status = 409 if isinstance(error, ConflictError) else 422
        bank = bank_queries.bank_sheet(draft.bank)
        theirs = draft if isinstance(error, ConflictError) else None
        return _page(bank, sheet, draft, refusal=told(error), theirs=theirs, dirty=True), status
    return _kept(draft_id)


@blueprint.post("/question-editor/<name>/<kind>/again")
@requires("bank.edit")
@own_transaction
def again(name: str, kind: str) -> Any:
    """Show the page again after a button of a row, an upload or the preview's button; no question is kept."""
    bank = _bank(name, kind)
    sheet = typed_sheet(kind, request.form)
    form = ContextForm()
    draft = _draft(form.draft.data) if form.validate() and form.draft.data else None
    if draft is not None and (draft.bank, draft.writing.fields["type"]) != (name, kind):
        raise NotFoundError(NO_DRAFT)
    try:
        with unit_of_work():
            _take_picture(sheet)
    except DomainError as error:
        return _page(bank, sheet, draft, refusal=told(error), seen=form.revision.data, dirty=True), 422
    return _page(bank, sheet, draft, seen=form.revision.data, dirty=True)


@blueprint.post("/question-editor/<name>/<kind>/preview")
@requires("bank.edit")
@own_transaction
def preview(name: str, kind: str) -> Any:
    """Answer with what a candidate would see of what is typed, and its faults by field; nothing is kept."""
    _bank(name, kind)
    sheet = typed_sheet(kind, request.form)
    found = _look(sheet)
    return jsonify(html=render_template("authoring/_look.html", look=found), faults=found.faults)


def _bank(name: str, kind: str) -> BankSheet:
    must_not_sit(name)
    if kind not in question_types():
        raise NotFoundError(_NO_TYPE)
    return bank_queries.bank_sheet(name)


def _draft(draft_id: int) -> DraftSheet:
    draft = queries.draft_sheet(draft_id)
    must_not_sit(draft.bank)
    return draft


def _take_picture(sheet: Sheet) -> None:
    """Keep the picture that came along, if one did, and put it below the stem."""
    upload = request.files.get("picture")
    if upload is None or not upload.filename:
        return
    kept = media.keep_picture(upload.stream.read(MOST_PICTURE + 1), upload.filename, actor(), now())
    sheet.add_picture(kept.digest, kept.width or 0, kept.height or 0)


def _kept(draft_id: int) -> Any:
    """Go on after keeping: to the draft's own page where it is to be handed in, else on with writing."""
    flash(gettext("稿件已保存。"), "ok")
    done = request.form.get("act") == "done"
    return redirect(url_for("authoring.draft" if done else "authoring.edit", draft_id=draft_id))


def _look(sheet: Sheet) -> Look:
    fields = sheet.writing().fields
    return look(fields, sheet.states, lessons.headings(), lost_of(sheet.pictures()))


def _page(
    bank: BankSheet,
    sheet: Sheet,
    draft: DraftSheet | None = None,
    *,
    refusal: str = "",
    theirs: DraftSheet | None = None,
    seen: int | None = None,
    dirty: bool = False,
    fresh: bool = False,
) -> str:
    headings = lessons.headings()
    fields = sheet.writing().fields
    kind = sheet.type
    return render_template(
        "authoring/editor.html",
        bank=bank,
        sheet=sheet,
        draft=draft,
        revision=seen or (draft.revision if draft else ""),
        topics=topic_choices(bank.topics),
        sources=_sources(headings),
        look=look(fields, sheet.states, headings, lost_of(sheet.pictures())),
        refusal=refusal,
        theirs=theirs,
        differences=_theirs(theirs, sheet) if theirs else [],
        dirty=dirty,
        fresh=fresh,
        again_url=url_for("authoring.again", name=bank.name, kind=kind),
        preview_url=url_for("authoring.preview", name=bank.name, kind=kind),
        save_url=url_for("authoring.save", draft_id=draft.id)
        if draft
        else url_for("authoring.start", name=bank.name, kind=kind),
    )


def _theirs(theirs: DraftSheet, mine: Sheet) -> Any:
    """Return how what somebody else kept meanwhile differs from what was typed here."""
    said = list(mine.editor.said(mine.states, with_key=True))
    return differing(said_of(theirs.writing.fields, with_key=True), said)


def _sources(headings: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the headings of lessons to choose from, by the lesson's title."""
    pages = lessons.lessons(headings)
    found = [
        (pages[ref].title if ref in pages else ref, [(f"{ref}#{text}", text) for text in sorted(texts)])
        for ref, texts in sorted(headings.items())
    ]
    return [(title, choices) for title, choices in found if choices]
