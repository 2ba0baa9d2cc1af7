"""Pages of lessons and handbooks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from cstrain.access import actor, may, requires, signed_in
from cstrain.extensions import now
from cstrain.lessons import queries, service
from cstrain.lessons.comparing import compared
from cstrain.lessons.dialogue import blocks
from cstrain.lessons.facts import LessonPage
from cstrain.lessons.phrases import library
from cstrain.ui.differences import Piece
from cstrain.ui.prose import heading_id

blueprint = Blueprint("lessons", __name__)
blueprints = [blueprint]

_MOST_SEARCH = 40
HANDBOOK_TITLES = {
    "product": lazy_gettext("产品手册"),
    "rules": lazy_gettext("规则手册"),
    "oa": lazy_gettext("OA手册"),
    "service": lazy_gettext("服务手册"),
    "phrases": lazy_gettext("短语手册"),
    "management": lazy_gettext("管理手册"),
    "search": lazy_gettext("搜索推广手册"),
}


@blueprint.app_template_global("lesson_url")
def lesson_url(source: str) -> str:
    """Return the address a question's source (``page#heading``) leads to, for pages of other packages."""
    ref, _, heading = source.partition("#")
    return url_for("lessons.lesson", ref=ref, _anchor=heading_id(heading) if heading else None)


@blueprint.get("/lessons")
@requires("lesson.read")
def handbooks() -> str:
    """Show the lessons of the days and the handbooks, with what the reader has confirmed."""
    person = actor()
    daily, books = queries.daily_lessons(), queries.handbooks()
    every = [*daily, *(page for book in books for page in book.pages)]
    refs = [each.ref for each in every]
    states = queries.read_state(person, refs)
    confirmed = queries.confirmed_versions(person, refs)
    done = {ref for ref, state in states.items() if state.confirmed_at is not None}
    unread = next((each for each in daily if each.ref not in done), None)
    return render_template(
        "lessons/index.html",
        daily=daily,
        books=books,
        states=states,
        changed={
            each.ref for each in every if each.ref in confirmed and confirmed[each.ref].number < each.number
        },
        total=len(every),
        done=len(done),
        next_lesson=unread if may(person, "programme.follow") else None,
        titles=HANDBOOK_TITLES,
        may_write=may(person, "lesson.write"),
        may_follow=may(person, "lesson.progress"),
    )


@blueprint.get("/lessons/<ref>")
@requires("lesson.read")
def lesson(ref: str) -> str:
    """Show a page: its text with dialogues set apart, its headings, its neighbours."""
    page, me = queries.lesson_page(ref), actor()
    confirmed = queries.confirmed_versions(me, [ref]).get(ref)
    is_old = confirmed is not None and confirmed.number != page.facts.number
    return render_template(
        "lessons/show.html",
        page=page,
        parts=blocks(page.body),
        confirmed=confirmed,
        changes=_since(page, confirmed.number) if confirmed and is_old else None,
        titles=HANDBOOK_TITLES,
        may_write=may(me, "lesson.write"),
    )


def _since(page: LessonPage, number: int) -> list[Piece]:
    """Return what a page says otherwise than the version somebody confirmed."""
    return compared(queries.version_body(page.facts.ref, number), page.body)


@blueprint.get("/phrases")
@signed_in
def phrases() -> str:
    """Show the phrase library, or what of it fits the search."""
    wanted = request.args.get("q", "")[:_MOST_SEARCH]
    groups = library().search(wanted)
    return render_template(
        "lessons/phrases.html",
        library=library(),
        groups=groups,
        wanted=wanted,
        found=sum(len(group.phrases) for group in groups),
    )


@blueprint.post("/lessons/<ref>/read")
@requires("lesson.read")
def confirm_read(ref: str) -> Any:
    """Record that the reader has read the page."""
    service.confirm_read(actor(), ref, now())
    flash(gettext("已记录：你读完了这一课。"), "ok")
    return redirect(url_for("lessons.lesson", ref=ref))
