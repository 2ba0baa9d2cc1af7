"""Pages of changed lessons: what a change touched, the questions it concerns, which are still right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import DomainError
from cstrain.lessons.queries import lesson_change, lessons
from cstrain.people import queries as people
from cstrain.questions.sources import queries, service
from cstrain.questions.sources.facts import LinePage, Page
from cstrain.questions.sources.forms import StillRightForm
from cstrain.ui.differences import differences, shortened
from cstrain.ui.forms import whole
from cstrain.ui.refusal import told

blueprint = Blueprint("sources", __name__, url_prefix="/rule-changes")
blueprints = [blueprint]


class Pager:
    """Which page one reads, and the addresses of the others."""

    def __init__(self, at: Page, url: Callable[[int], str]) -> None:
        self.page, self.pages, self.url = at.page, at.pages, url


def _asked_page() -> int:
    return request.args.get("page", 1, whole)


@blueprint.get("")
@requires("rule_change.view")
def index() -> str:
    """Show the changes of lessons, the latest first, with the questions each touched."""
    lines, at = queries.change_lines(_asked_page())
    return render_template(
        "sources/index.html",
        lines=lines,
        flagged=queries.flagged_count(),
        pager=Pager(at, lambda page: url_for("sources.index", page=page)),
    )


@blueprint.get("/questions")
@requires("rule_change.view")
def questions() -> str:
    """Show all questions whose section changed since they were held against it."""
    return _questions_page(StillRightForm(formdata=None))


def _questions_page(form: StillRightForm) -> str:
    found = queries.flagged_page(_asked_page())
    return render_template(
        "sources/questions.html",
        found=found,
        pages=lessons({line.basis.ref for line in found.lines}),
        pager=Pager(found.at, lambda page: url_for("sources.questions", page=page)),
        **_acting(form, found),
    )


def _acting(form: StillRightForm, found: LinePage) -> dict[str, Any]:
    """Return what the list of questions and its form need."""
    checked = {line.checked_by for line in found.lines if line.checked_by is not None}
    return {
        "form": form,
        "may_check": may(actor(), "bank.edit"),
        "ticked": set(form.questions.data or ()),
        "names": people.people(checked, local_date(now())),
    }


@blueprint.post("/questions")
@requires("bank.edit")
def check_questions() -> Any:
    """Keep that the ticked questions are right as they are."""
    form = StillRightForm()
    if _kept(form):
        return redirect(url_for("sources.questions"))
    return _questions_page(form), 422


def _kept(form: StillRightForm) -> bool:
    """Do what the form says; tell whether it was done."""
    if not form.validate_on_submit():
        return False
    try:
        done = service.still_right(actor(), now(), form.seen(), form.note.data or "")
    except DomainError as error:
        form.form_errors.append(told(error))
        return False
    flash(gettext("已记下：%(n)s道题仍然正确。", n=done), "ok")
    return True


@blueprint.get("/<ref>/<int:number>")
@requires("rule_change.view")
def change(ref: str, number: int) -> str:
    """Show what a version of a lesson changed, and the questions that depend on it."""
    return _change_page(ref, number, StillRightForm(formdata=None))


def _change_page(ref: str, number: int, form: StillRightForm) -> str:
    made = lesson_change(ref, number)
    found = queries.depending(made, _asked_page())
    return render_template(
        "sources/change.html",
        change=made,
        pieces={one.heading: shortened(differences(one.old, one.new)) for one in made.sections},
        found=found,
        pager=Pager(found.at, lambda page: url_for("sources.change", ref=ref, number=number, page=page)),
        **_acting(form, found),
    )


@blueprint.post("/<ref>/<int:number>")
@requires("bank.edit")
def check(ref: str, number: int) -> Any:
    """Keep that the ticked questions of one change are right as they are."""
    form = StillRightForm()
    if _kept(form):
        return redirect(url_for("sources.change", ref=ref, number=number))
    return _change_page(ref, number, form), 422
