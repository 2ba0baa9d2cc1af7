"""Acts on a question of a bank: another wording, retiring, restoring, commenting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.questions.authoring import service
from cstrain.questions.authoring.bank_queries import standing
from cstrain.questions.authoring.forms import CommentForm, ReasonForm
from cstrain.questions.authoring.views.base import blueprint, must_not_sit
from cstrain.ui.refusal import attempt


@blueprint.post("/banks/<name>/<ref>/revise")
@requires("bank.edit")
def revise(name: str, ref: str) -> Any:
    """Begin another wording of a question, or go on with the one that is written."""
    must_not_sit(name)
    draft = service.revise(name, ref, actor(), now())
    return redirect(url_for("authoring.edit", draft_id=draft.id))


@blueprint.post("/banks/<name>/<ref>/retire")
@requires("bank.edit")
def retire(name: str, ref: str) -> Any:
    """Take a question out of use, with the reason."""
    form = ReasonForm()
    done = _done(form, lambda: service.retire(name, ref, actor(), now(), form.reason.data or ""))
    return _answer(done, form, name, ref, gettext("停用这道题"), gettext("这道题已停用，不再抽用。"))


@blueprint.post("/banks/<name>/<ref>/restore")
@requires("bank.edit")
def restore(name: str, ref: str) -> Any:
    """Bring a retired question back into use, with the reason."""
    form = ReasonForm()
    done = _done(form, lambda: service.restore(name, ref, actor(), now(), form.reason.data or ""))
    return _answer(done, form, name, ref, gettext("恢复使用"), gettext("这道题已恢复使用。"))


@blueprint.post("/banks/<name>/<ref>/comment")
@requires("bank.review")
def comment(name: str, ref: str) -> Any:
    """Keep what somebody says about a question."""
    form = CommentForm()
    done = _done(form, lambda: service.comment(name, ref, actor(), now(), form.text.data or ""))
    return _answer(done, form, name, ref, gettext("留言"), gettext("留言已保存。"))


def _done(form: FlaskForm, act: Callable[[], object]) -> bool:
    return form.validate() and attempt(form, act)


def _answer(done: bool, form: FlaskForm, name: str, ref: str, title: str, told: str) -> Any:
    """Go back to the question, or to its draft while it has no version; a refusal shows the form alone."""
    found = standing(name, ref)
    back = url_for("questions.question", name=name, ref=ref)
    if found.draft is not None and not found.has_version:
        back = url_for("authoring.draft", draft_id=found.draft.id)
    if not done:
        return render_template("authoring/act.html", form=form, ref=ref, title=title, back=back), 422
    flash(told, "ok")
    return redirect(back)
