"""The desk of lessons, and the page a lesson is written on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.kernel.errors import DomainError
from cstrain.lessons.authoring import queries, service
from cstrain.lessons.authoring.facts import Content, State, Work
from cstrain.lessons.authoring.forms import PageForm, PlaceForm, page_data
from cstrain.lessons.authoring.rules import MOST_BODY, faults, pictures_of
from cstrain.lessons.authoring.service import NewerDraftError
from cstrain.lessons.authoring.views.blueprint import blueprint, handbooks, names_of, paged
from cstrain.lessons.authoring.views.uploads import Uploads
from cstrain.lessons.comparing import compared
from cstrain.lessons.dialogue import blocks
from cstrain.lessons.views import HANDBOOK_TITLES
from cstrain.media import service as media
from cstrain.media.queries import stored_files
from cstrain.ui.differences import Piece
from cstrain.ui.forms import clean, whole
from cstrain.ui.refusal import attempt, told
from cstrain.unit_of_work import own_transaction, unit_of_work

_MOST_SEARCH = 40


@blueprint.get("/lessons/writing")
@requires("lesson.write")
def desk() -> str:
    """List every page, shipped and own, with its state; a search and a filter by state."""
    text = request.args.get("q", "").strip()[:_MOST_SEARCH]
    state = request.args.get("state", "")
    every = queries.desk()
    found = [
        line
        for line in every
        if text.casefold() in f"{line.title} {line.ref}".casefold() and state in {"", str(line.state)}
    ]
    lines, pager = paged(found, "lesson_writing.desk", "q", "state")
    return render_template(
        "lessons/desk.html",
        lines=lines,
        pager=pager,
        total=len(found),
        text=text,
        state=state,
        states=list(State),
        titles=HANDBOOK_TITLES,
    )


@blueprint.route("/lessons/writing/new", methods=["GET", "POST"])
@requires("lesson.write")
def new() -> Any:
    """Begin a new page: its title and its place."""
    form = PlaceForm()
    form.offer(handbooks())
    made: list[str] = []
    if form.validate_on_submit() and attempt(
        form, lambda: made.append(service.begin(actor(), now(), form.place("")))
    ):
        return redirect(url_for("lesson_writing.edit", ref=made[0]))
    return render_template("lessons/new.html", form=form), 422 if form.is_submitted() else 200


@blueprint.get("/lessons/writing/<ref>/edit")
@requires("lesson.write")
def edit(ref: str) -> str:
    """Show the page to write on, with the draft or, without one, the version in force."""
    found = queries.work(ref)
    held = queries.editable(found)
    form = _form(held, typed=False)
    return _page(found, form, held)


def _form(held: Content, *, typed: bool = True) -> PageForm:
    form = PageForm() if typed else PageForm(formdata=None, data=page_data(held))
    form.offer(handbooks())
    form.hold(held)
    return form


def _page(
    found: Work, form: PageForm, held: Content, shown: str | None = None, theirs: list[Piece] | None = None
) -> str:
    """Render the page to write on; ``shown``: a preview's text, ``theirs``: how a newer draft differs."""
    draft = found.draft
    content = replace(held, body=shown) if shown is not None else held
    return render_template(
        "lessons/edit.html",
        work=found,
        form=form,
        held=held,
        revision=draft.revision if draft else 0,
        author=names_of([draft.saved_by]).get(draft.saved_by, "") if draft else "",
        problems=[told(each) for each in _faults(content)],
        preview=blocks(shown) if shown is not None else None,
        theirs=theirs,
    )


def _faults(content: Content) -> list[DomainError]:
    return faults(content, stored_files(pictures_of(content.body)))


@blueprint.post("/lessons/writing/<ref>/edit")
@requires("lesson.write")
@own_transaction
def save(ref: str) -> Any:
    """Keep the draft with the files that came along; what was typed stays on the page when it is refused."""
    found = queries.work(ref)
    held = queries.editable(found)
    form, me, at = _form(held), actor(), now()
    revision = request.form.get("revision", -1, whole)
    refused: list[NewerDraftError] = []

    def act() -> None:
        uploads = Uploads(form)
        with unit_of_work():
            content = uploads.added(form.typed(held), me, at)
            try:
                service.keep_draft(me, at, ref, content, revision)
            except NewerDraftError as error:
                refused.append(error)
                raise

    if form.validate() and attempt(form, act):
        flash(gettext("草稿已保存。"), "ok")
        wanted = "lesson_writing.publish" if request.form.get("then") == "publish" else "lesson_writing.edit"
        return redirect(url_for(wanted, ref=ref))
    found = queries.work(ref)
    theirs = compared(queries.editable(found).body, form.text()) if refused else None
    return _page(found, form, held, theirs=theirs), 409 if refused else 422


@blueprint.post("/lessons/writing/<ref>/preview")
@requires("lesson.write")
@own_transaction
def preview_page(ref: str) -> Any:
    """Show the page to write on with its preview, for browsers without scripts; nothing is kept."""
    found = queries.work(ref)
    held = queries.editable(found)
    form = _form(held)
    form.validate()
    return _page(found, form, held, shown=form.text()[:MOST_BODY])


@blueprint.post("/lessons/writing/preview")
@requires("lesson.write")
@own_transaction
def preview() -> str:
    """Return a text as readers will see it, as a part of a page; nothing is kept."""
    body = clean(request.form.get("body", ""))[:MOST_BODY].replace("\r\n", "\n")
    return render_template("lessons/_article.html", parts=blocks(body))


@blueprint.post("/lessons/writing/pictures")
@requires("lesson.write")
@own_transaction
def keep_picture() -> Any:
    """Keep a picture for the page being written; answers in JSON, a refusal with 422 and its sentence."""
    upload = request.files.get("file")
    me, at = actor(), now()
    try:
        if upload is None:
            raise DomainError("没有收到图片。请先选择一个文件。")
        picture = media.remade(upload.stream.read(media.MOST_PICTURE + 1))
        with unit_of_work():
            kept = media.keep_made(picture, upload.filename or "", me, at)
    except DomainError as error:
        return jsonify(error=told(error)), 422
    return jsonify(digest=kept.digest, url=kept.url, width=kept.width, height=kept.height, name=kept.name)
