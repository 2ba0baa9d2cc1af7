"""Drafts in a list, and their review: accepting one or many, sending one back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.kernel.ids import PersonId
from cstrain.questions.authoring import queries, service
from cstrain.questions.authoring.facts import DraftLine
from cstrain.questions.authoring.forms import MOST_AT_ONCE, AcceptForm, ReasonForm, offered
from cstrain.questions.authoring.rules import may_decide
from cstrain.questions.authoring.views.base import Pager, blueprint, must_not_sit, names_of
from cstrain.questions.authoring.views.drafts import draft_page
from cstrain.questions.queries import banks
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt

TABS = {
    "review": _l("待审核"),
    "returned": _l("退给我的"),
    "mine": _l("我在写的"),
    "all": _l("全部未定的"),
}


@blueprint.get("/question-drafts")
@requires("bank.review")
def queue() -> str:
    """Show drafts: those that wait for review, one's own, those that came back."""
    return _queue_page(AcceptForm(formdata=None))


def _queue_page(form: AcceptForm) -> str:
    me = actor()
    tab = offered(request.args.get("tab", ""), TABS) or "review"
    known = {each.name: each.title for each in banks()}
    bank = offered(request.args.get("bank", ""), known)
    batch = request.args.get("batch", type=whole)
    page = max(1, request.args.get("page", 1, type=whole))
    lines, total = _found(tab, me, bank, batch, page)
    return render_template(
        "authoring/queue.html",
        tabs=TABS,
        tab=tab,
        banks=known,
        bank=bank,
        batch=batch,
        lines=lines,
        total=total,
        deciding={each.id for each in lines if may_decide(each.state, each.writers, me)},
        names=names_of({each.author for each in lines}),
        pager=Pager(page, max(1, -(-total // queries.PAGE_SIZE))),
        form=form,
        most=MOST_AT_ONCE,
    )


def _found(tab: str, me: PersonId, bank: str, batch: int | None, page: int) -> tuple[list[DraftLine], int]:
    state = {"review": "review", "returned": "returned"}.get(tab, "")
    author = me if tab in ("returned", "mine") else None
    return queries.drafts(state=state, bank=bank, batch=batch, author=author, page=page)


@blueprint.post("/question-drafts/accept")
@requires("bank.review")
def accept_many() -> Any:
    """Bring the chosen drafts into force, all or none."""
    form = AcceptForm()
    chosen = form.chosen() if form.validate() else []
    if not chosen or len(chosen) > MOST_AT_ONCE:
        form.form_errors = [gettext("请勾选要通过的稿件，一次最多%(n)s份。", n=MOST_AT_ONCE)]
        return _queue_page(form), 422
    if not attempt(form, lambda: _accept(chosen)):
        return _queue_page(form), 422
    flash(gettext("%(n)s道题通过审核，已经可以使用。", n=len(chosen)), "ok")
    kept: dict[str, Any] = {key: request.args[key] for key in ("tab", "bank", "batch") if key in request.args}
    return redirect(url_for("authoring.queue", **kept))


def _accept(chosen: list[int]) -> None:
    for name in queries.banks_of(chosen):
        must_not_sit(name)
    service.accept(chosen, actor(), now())


@blueprint.post("/question-drafts/<int:draft_id>/accept")
@requires("bank.review")
def accept(draft_id: int) -> Any:
    """Bring a draft into force as the question's version."""
    sheet = queries.draft_sheet(draft_id)
    must_not_sit(sheet.bank)
    service.accept([draft_id], actor(), now())
    flash(gettext("审核通过，%(ref)s已经可以使用。", ref=sheet.ref), "ok")
    seen = url_for("questions.question", name=sheet.bank, ref=sheet.ref)
    return redirect(_next(sheet.bank) or seen)


def _next(bank: str) -> str:
    """Return where the next draft of the bank waits for this person; "" for none."""
    draft = queries.next_to_decide(bank, actor())
    return url_for("authoring.draft", draft_id=draft) if draft else ""


@blueprint.post("/question-drafts/<int:draft_id>/return")
@requires("bank.review")
def send_back(draft_id: int) -> Any:
    """Return a draft to its author, with what must be changed."""
    sheet = queries.draft_sheet(draft_id)
    must_not_sit(sheet.bank)
    form = ReasonForm()
    if not form.validate() or not attempt(
        form, lambda: service.send_back(draft_id, actor(), now(), form.reason.data or "")
    ):
        return draft_page(sheet, form, "return"), 422
    flash(gettext("已退回，写的人会收到通知。"), "ok")
    return redirect(_next(sheet.bank) or url_for("authoring.queue"))
