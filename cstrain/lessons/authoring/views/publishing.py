"""A lesson's versions: publishing a draft, reading old ones, retiring the page and bringing it back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.kernel.errors import DomainError
from cstrain.lessons.authoring import queries, service
from cstrain.lessons.authoring.facts import Content, Work
from cstrain.lessons.authoring.forms import PublishForm
from cstrain.lessons.authoring.rules import faults, pictures_of
from cstrain.lessons.authoring.views.blueprint import blueprint, names_of
from cstrain.lessons.comparing import compared
from cstrain.lessons.dialogue import blocks
from cstrain.lessons.views import HANDBOOK_TITLES
from cstrain.media.queries import stored_files
from cstrain.ui.differences import Piece
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt, told


@blueprint.get("/lessons/writing/<ref>")
@requires("lesson.write")
def overview(ref: str) -> str:
    """Show a page's state, its draft and its versions."""
    found = queries.work(ref)
    authors = [each.author for each in found.versions]
    news = found.product
    return render_template(
        "lessons/overview.html",
        work=found,
        names=names_of([*authors, found.draft.saved_by if found.draft else None]),
        product=compared(queries.editable(found).body, news.body) if news else None,
        follows=may(actor(), "rule_change.view"),
    )


@blueprint.get("/lessons/writing/<ref>/versions/<int:number>")
@requires("lesson.write")
def old_version(ref: str, number: int) -> str:
    """Show one version of a page, and what it changed of the one before."""
    found = queries.work(ref)
    content, at = queries.version(ref, number)
    before = queries.version(ref, number - 1)[0] if number > 1 else None
    return render_template(
        "lessons/version.html",
        work=found,
        number=number,
        content=content,
        at=at,
        parts=blocks(content.body),
        changes=compared(before.body, content.body) if before else None,
        titles=HANDBOOK_TITLES,
    )


@blueprint.route("/lessons/writing/<ref>/publish", methods=["GET", "POST"])
@requires("lesson.write")
def publish(ref: str) -> Any:
    """Show what a draft changes; publish it with a note."""
    form, made = PublishForm(), list[int]()
    revision = request.form.get("revision", -1, whole)

    def act() -> None:
        made.append(service.publish(actor(), now(), ref, revision, form.note.data or ""))

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("第%(n)s版已发布，读过旧版的人会看到改了什么。", n=made[0]), "ok")
        return redirect(url_for("lesson_writing.overview", ref=ref))
    found = queries.work(ref)
    if found.draft is None:
        flash(gettext("没有草稿可以发布。"), "note")
        return redirect(url_for("lesson_writing.overview", ref=ref))
    return _publish_page(found, found.draft.content, form), 422 if form.is_submitted() else 200


def _publish_page(found: Work, content: Content, form: PublishForm) -> str:
    present = queries.version(found.ref, found.current)[0] if found.current else None
    known = stored_files(pictures_of(content.body))
    return render_template(
        "lessons/publish.html",
        work=found,
        draft=found.draft,
        content=content,
        form=form,
        problems=[told(each) for each in faults(content, known)],
        changes=_changes(present, content) if present else None,
        beside=_beside(present, content) if present else [],
        parts=blocks(content.body),
        titles=HANDBOOK_TITLES,
    )


def _changes(present: Content, content: Content) -> list[Piece]:
    return compared(present.body, content.body)


def _beside(present: Content, content: Content) -> list[str]:
    """Return in words what changes beside the text."""
    words = {
        gettext("课文标题"): present.title != content.title,
        gettext("放在哪里"): (present.kind, present.day, present.handbook)
        != (content.kind, content.day, content.handbook),
        gettext("视频"): present.video != content.video,
        gettext("附件"): present.attachments != content.attachments,
    }
    return [word for word, differs in words.items() if differs]


@blueprint.post("/lessons/writing/<ref>/discard")
@requires("lesson.write")
def discard(ref: str) -> Any:
    """Throw the draft away; a page that was never published goes with it."""
    had_versions = bool(queries.work(ref).versions)
    service.drop_draft(actor(), ref, request.form.get("revision", -1, whole))
    flash(gettext("草稿已丢弃。"), "ok")
    return redirect(
        url_for("lesson_writing.overview", ref=ref) if had_versions else url_for("lesson_writing.desk")
    )


@blueprint.post("/lessons/writing/<ref>/retire")
@requires("lesson.write")
def retire(ref: str) -> Any:
    """Take a page out of the lists."""
    if not request.form.get("sure"):
        raise DomainError("没有停用：请先勾选“我知道读者不再看到它”。")
    service.retire(actor(), now(), ref)
    flash(gettext("这一课已停用。"), "ok")
    return redirect(url_for("lesson_writing.overview", ref=ref))


@blueprint.post("/lessons/writing/<ref>/return")
@requires("lesson.write")
def bring_back(ref: str) -> Any:
    """Put a retired page into the lists again."""
    service.bring_back(actor(), now(), ref)
    flash(gettext("这一课已恢复。"), "ok")
    return redirect(url_for("lesson_writing.overview", ref=ref))
