"""What is done to ratings: each act a small POST that leads back to where it was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now, session
from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.promotion.rating import queries, rules, service, store
from cstrain.promotion.rating.forms import (
    AnswerForm,
    CommentForm,
    ContestForm,
    DecideForm,
    LateForm,
    ProposeForm,
    named,
    yes,
)
from cstrain.promotion.rating.views.base import blueprint, shown_line, shown_lines
from cstrain.promotion.rating.views.pages import index_page, sheet_page
from cstrain.promotion.rating.views.person import line_page
from cstrain.ui.forms import CleanForm
from cstrain.ui.refusal import attempt, told


@blueprint.post("/start/<ref>/<code>")
@requires("rating.run")
def start(ref: str, code: str) -> Any:
    """Rate a quarter of a ladder."""
    quarter = rules.read_quarter(code)
    if quarter is None:
        raise NotFoundError(store.MISSING)
    try:
        made = service.start(actor(), now(), ref, quarter)
    except DomainError as error:
        session().rollback()
        return index_page(told(error)), 422
    flash(gettext("评级已运行，每个人都收到了自己的结果。"), "ok")
    return redirect(url_for("ratings.sheet", run_id=made))


@blueprint.post("/<int:run_id>/confirmations")
@requires("rating.run")
def propose(run_id: int) -> Any:
    """Propose that what is ready takes effect."""
    shown_lines(queries.run(run_id))
    form = named(ProposeForm(), "propose")
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.propose_confirmation(
            actor(), now(), run_id, form.effective_on.data, form.note.data or ""
        ),
    ):
        flash(gettext("已提出，等另一个人确认。"), "ok")
        return redirect(url_for("ratings.sheet", run_id=run_id))
    return sheet_page(run_id, propose=form), 422


@blueprint.post("/<int:run_id>/confirmations/<int:confirmation_id>")
@requires("rating.confirm")
def answer(run_id: int, confirmation_id: int) -> Any:
    """Agree to what takes effect, or send it back."""
    shown_lines(queries.run(run_id))
    if not any(one.id == confirmation_id for one in queries.confirmations(run_id)):
        raise NotFoundError(store.MISSING)
    form = named(AnswerForm(), "answer")
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.answer_confirmation(
            actor(), now(), confirmation_id, agreed=yes(form.agreed), text=form.text.data or ""
        ),
    ):
        flash(gettext("已完成。"), "ok")
        return redirect(url_for("ratings.sheet", run_id=run_id))
    return sheet_page(run_id, answer=form), 422


def _on_line(line_id: int, prefix: str, form: CleanForm, act: Callable[[], object], done: str) -> Any:
    """Do an act about a line; a refused form comes back with what was typed."""
    run, line = shown_line(line_id)
    named(form, prefix)
    if form.validate_on_submit() and attempt(form, act):
        flash(done, "ok")
        newest = queries.revisions(run.id, line.person)[-1]
        return redirect(url_for("ratings.line", line_id=newest.id))
    return line_page(line_id, **{prefix: form}), 422


@blueprint.post("/lines/<int:line_id>/comments")
@requires("rating.comment")
def comment(line_id: int) -> Any:
    """Write beside somebody's result."""
    form = CommentForm()

    def act() -> None:
        service.comment(actor(), now(), line_id, form.text.data or "")

    return _on_line(line_id, "comment", form, act, gettext("评语已保存。"))


@blueprint.post("/lines/<int:line_id>/contest")
@requires("rating.contest")
def contest(line_id: int) -> Any:
    """Contest one's own result."""
    form = ContestForm()

    def act() -> None:
        service.contest(actor(), now(), line_id, form.text.data or "")

    return _on_line(line_id, "contest", form, act, gettext("申诉已提交，答复以前结果不会生效。"))


@blueprint.post("/lines/<int:line_id>/contest/decide")
@requires("rating.decide")
def decide(line_id: int) -> Any:
    """Answer a contest."""
    form = DecideForm()
    _run, line = shown_line(line_id)
    contested = line.contest
    if contested is None:
        raise NotFoundError(store.MISSING)

    def act() -> None:
        reason = form.reason.data or ""
        service.decide(actor(), now(), contested.id, upheld=yes(form.upheld), reason=reason)

    return _on_line(line_id, "decide", form, act, gettext("申诉已答复，本人已收到通知。"))


@blueprint.post("/lines/<int:line_id>/late")
@requires("rating.run")
def ask_late(line_id: int) -> Any:
    """Propose a new result after late data."""
    form = LateForm()

    def act() -> None:
        service.ask_late(actor(), now(), line_id, form.reason.data or "")

    return _on_line(line_id, "late", form, act, gettext("已提出，等另一个人确认。"))


@blueprint.post("/lines/<int:line_id>/late/<int:late_id>")
@requires("rating.confirm")
def answer_late(line_id: int, late_id: int) -> Any:
    """Agree to a new result, or send it back."""
    form = AnswerForm()
    run, line = shown_line(line_id)
    waiting = queries.waiting_late(run.id)
    if not any((one.id, one.person) == (late_id, line.person) for one in waiting):
        raise NotFoundError(store.MISSING)

    def act() -> None:
        text = form.text.data or ""
        service.answer_late(actor(), now(), late_id, agreed=yes(form.agreed), text=text)

    return _on_line(line_id, "answer", form, act, gettext("已完成。"))
