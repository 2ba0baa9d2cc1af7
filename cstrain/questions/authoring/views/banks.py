"""Banks of the company's own, and the tree of topics of any bank."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.questions.authoring import service
from cstrain.questions.authoring.bank_queries import bank_sheet
from cstrain.questions.authoring.forms import BankForm, NewBankForm, TopicForm
from cstrain.questions.authoring.service import NewBank
from cstrain.questions.authoring.views.base import blueprint
from cstrain.ui.refusal import attempt


@blueprint.get("/new-bank")
@requires("bank.edit")
def new_bank() -> str:
    """Ask for the name of a bank to be made."""
    return render_template("authoring/new_bank.html", form=NewBankForm(formdata=None))


@blueprint.post("/new-bank")
@requires("bank.edit")
def make_bank() -> Any:
    """Make a bank."""
    form = NewBankForm()
    new = NewBank(form.name.data or "", form.title.data or "", form.description.data or "")
    if not form.validate() or not attempt(form, lambda: service.make_bank(new, actor())):
        return render_template("authoring/new_bank.html", form=form), 422
    flash(gettext("题库已建好，可以写题了。"), "ok")
    return redirect(url_for("authoring.bank", name=new.name))


@blueprint.get("/bank-settings/<name>")
@requires("bank.edit")
def bank(name: str) -> str:
    """Show a bank's title and its topics, to be changed; ``?topic=`` opens one of them."""
    return _page(name, ref=request.args.get("topic", ""))


def _page(name: str, form: BankForm | None = None, topic: TopicForm | None = None, ref: str = "") -> str:
    """Return the page with the topic ``ref`` open; ``topic`` is its refused form, or that of a new one."""
    sheet, top = bank_sheet(name), gettext("最上层")
    new = topic if topic is not None and not ref else TopicForm(formdata=None)
    new.offer(sheet.topics, top)
    chosen = next((each for each in sheet.topics if each.ref == ref), None)
    own = None
    if chosen is not None:
        own = topic or TopicForm(formdata=None, title=chosen.title, parent=chosen.parent)
        own.offer(tuple(each for each in sheet.topics if each is not chosen), top)
        own.title.id, own.parent.id = "own-title", "own-parent"  # the new topic's form has the plain ones
    named = form or BankForm(formdata=None, title=sheet.title, description=sheet.description)
    named.title.id = "bank-title"
    return render_template(
        "authoring/bank.html",
        bank=sheet,
        form=named,
        new=new,
        own=own,
        chosen=ref,
    )


@blueprint.post("/bank-settings/<name>")
@requires("bank.edit")
def rename_bank(name: str) -> Any:
    """Give a bank another title and description."""
    form = BankForm()
    if not form.validate() or not attempt(
        form,
        lambda: service.rename_bank(name, form.title.data or "", form.description.data or "", actor()),
    ):
        return _page(name, form), 422
    flash(gettext("已保存。"), "ok")
    return redirect(url_for("authoring.bank", name=name))


@blueprint.post("/bank-settings/<name>/topics")
@requires("bank.edit")
def add_topic(name: str) -> Any:
    """Add a topic, below another one or at the top."""
    form = _topic_form(name)
    if not form.validate() or not attempt(
        form, lambda: service.add_topic(name, form.title.data or "", form.parent.data or "", actor())
    ):
        return _page(name, topic=form), 422
    flash(gettext("主题“%(title)s”已加上。", title=form.title.data), "ok")
    return redirect(url_for("authoring.bank", name=name, _anchor="topics"))


@blueprint.post("/bank-settings/<name>/topics/<ref>")
@requires("bank.edit")
def change_topic(name: str, ref: str) -> Any:
    """Rename a topic, or put it below another one."""
    form = _topic_form(name)
    if not form.validate() or not attempt(
        form, lambda: service.change_topic(name, ref, form.title.data or "", form.parent.data or "", actor())
    ):
        return _page(name, topic=form, ref=ref), 422
    flash(gettext("已保存。"), "ok")
    return redirect(url_for("authoring.bank", name=name, _anchor=f"t-{ref}"))


@blueprint.post("/bank-settings/<name>/topics/<ref>/remove")
@requires("bank.edit")
def remove_topic(name: str, ref: str) -> Any:
    """Remove a topic that nothing lies under."""
    service.remove_topic(name, ref, actor())
    flash(gettext("主题已删除。"), "ok")
    return redirect(url_for("authoring.bank", name=name, _anchor="topics"))


def _topic_form(name: str) -> TopicForm:
    form = TopicForm()
    form.offer(bank_sheet(name).topics, gettext("最上层"))
    return form
