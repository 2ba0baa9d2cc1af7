"""A paper on its way: submitted, approved or sent back by another person; an own paper withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, requires
from cstrain.exams.papermaking import queries, service
from cstrain.exams.papermaking.forms import ReasonForm
from cstrain.exams.papermaking.views.base import blueprint, draft_page
from cstrain.exams.papermaking.views.printing import manage_page
from cstrain.extensions import now
from cstrain.ui.forms import CleanForm
from cstrain.ui.refusal import attempt


@blueprint.get("/papers/drafts/<int:draft_id>")
@requires("paper.view")
def show(draft_id: int) -> str:
    """Show a paper on its way: what it comes to, what is missing, the acts on it."""
    return draft_page(draft_id)


def _done(draft_id: int, act: Callable[[], object], words: str, name: str) -> Any:
    form = ReasonForm(formdata=None)
    if attempt(form, act):
        flash(words, "ok")
        return redirect(url_for("papermaking.show", draft_id=draft_id))
    return draft_page(draft_id, form, name), 422


@blueprint.post("/papers/drafts/<int:draft_id>/submit")
@requires("paper.write")
def submit(draft_id: int) -> Any:
    """Hand a draft to those who approve."""
    text = request.form.get("revision", "")
    revision = int(text) if text.isdecimal() and len(text) < 9 else 0
    return _done(
        draft_id,
        lambda: service.submit(actor(), now(), draft_id, revision),
        gettext("已提交，等另一个人批准。"),
        "submit",
    )


@blueprint.post("/papers/drafts/<int:draft_id>/take-back")
@requires("paper.write")
def take_back(draft_id: int) -> Any:
    """Take a submitted draft back."""
    return _done(
        draft_id, lambda: service.take_back(actor(), draft_id), gettext("已取回，可以再改。"), "take_back"
    )


@blueprint.post("/papers/drafts/<int:draft_id>/approve")
@requires("paper.approve")
def approve(draft_id: int) -> Any:
    """Approve a draft."""
    return _done(
        draft_id,
        lambda: service.approve(actor(), now(), draft_id),
        gettext("已批准，从“从哪天起使用”那天起可以安排考试。"),
        "approve",
    )


@blueprint.post("/papers/drafts/<int:draft_id>/return")
@requires("paper.approve")
def send_back(draft_id: int) -> Any:
    """Send a draft back with a reason."""
    demand("paper.approve", queries.draft(draft_id).author)
    form = ReasonForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.send_back(actor(), now(), draft_id, form.reason.data or "")
    ):
        flash(gettext("已退回。"), "ok")
        return redirect(url_for("papermaking.show", draft_id=draft_id))
    return draft_page(draft_id, form, "return"), 422


@blueprint.post("/papers/drafts/<int:draft_id>/drop")
@requires("paper.write")
def drop(draft_id: int) -> Any:
    """Give a draft up."""
    return _done(
        draft_id, lambda: service.drop(actor(), now(), draft_id), gettext("已放弃这份草稿。"), "drop"
    )


@blueprint.post("/papers/<ref>/change")
@requires("paper.write")
def change(ref: str) -> Any:
    """Begin the next edition of an own paper."""
    form, made = CleanForm(), list[int]()
    if attempt(form, lambda: made.append(service.change(actor(), now(), ref))):
        flash(gettext("已开始编，随时可以保存。"), "ok")
        return redirect(url_for("papermaking.edit", draft_id=made[0]))
    return manage_page(ref, form), 422


@blueprint.post("/papers/<ref>/withdraw")
@requires("paper.write")
def withdraw(ref: str) -> Any:
    """Withdraw an own paper."""
    form = ReasonForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.withdraw(actor(), now(), ref, form.reason.data or "")
    ):
        flash(gettext("已停用，不能再安排考试。"), "ok")
        return redirect(url_for("papermaking.manage", ref=ref))
    return manage_page(ref, form), 422
