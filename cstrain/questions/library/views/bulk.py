"""Acts on many questions: looking at them first, doing them, the record, undoing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.kernel.errors import DomainError
from cstrain.questions.library import queries, service
from cstrain.questions.library.facts import MOST_AT_ONCE, BulkAct, TopicChoice
from cstrain.questions.library.forms import BulkForm, TargetForm, ids_in
from cstrain.questions.library.views.base import Pager, asked_page, blueprint, judge, names_of
from cstrain.questions.library.views.searching import asked
from cstrain.ui.refusal import attempt, told

_SHOWN = 10


@blueprint.get("/questions/bulk")
@requires("bank.edit")
def bulk() -> str:
    """Show what an act on the chosen questions would change; nothing is written."""
    target = TargetForm(request.args)
    ids, total = _chosen()
    topics = _topics(ids)
    target.offer(topics)
    form = BulkForm(formdata=None)
    act = target.asked() if target.is_aimed else None
    if act is not None:
        form.act.data, form.to.data, form.tags.data = act.kind, act.topic, ",".join(act.tags)
        form.ids.data = ",".join(str(each) for each in ids)
    return _page(target, form, ids, total, act)


@blueprint.post("/questions/bulk")
@requires("bank.edit")
def act_on() -> Any:
    """Do an act on the questions that were looked at."""
    form = BulkForm()
    act, ids = form.asked(), form.chosen_ids()
    if act is not None and form.validate():
        made: list[int] = []

        def do() -> None:
            made.append(service.act_on(act, ids, actor(), now(), form.reason.data or "").id)

        if attempt(form, do):
            flash(gettext("已保存。不对的话，可以在这一页整批撤销。"), "ok")
            return redirect(url_for("library.bulk_act", bulk_id=made[0]))
    target = TargetForm(request.form)
    target.offer(_topics(ids))
    return _page(target, form, ids, len(ids), act), 422


def _chosen() -> tuple[list[int], int]:
    """Return the ids of the questions that the address names or finds, and how many there are in all."""
    if not request.args.get("all"):
        ids = ids_in(request.args.getlist("q")[: MOST_AT_ONCE + 1])
        return ids, len(ids)
    _, wanted = asked()
    return queries.all_ids(wanted, judge())


def _topics(ids: Sequence[int]) -> list[TopicChoice]:
    """Return the topics of the questions' bank; none when they lie in several."""
    names = queries.banks_of(ids[:MOST_AT_ONCE])
    return queries.topics_of(names[0]) if len(names) == 1 else []


def _page(target: TargetForm, form: BulkForm, ids: Sequence[int], total: int, act: BulkAct | None) -> str:
    plan, why = None, ""
    if act is not None and total <= MOST_AT_ONCE:
        try:
            plan, _ = service.look_at(act, ids)
        except DomainError as error:
            why = told(error)
    shown = [each.id for each in plan.changes[:_SHOWN]] if plan else list(ids[:_SHOWN])
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in target.data]
    return render_template(
        "library/bulk.html",
        target=target,
        form=form,
        act=act,
        plan=plan,
        why=why,
        total=total,
        most=MOST_AT_ONCE,
        kept=kept or [("q", each) for each in ids],
        lines=queries.lines_of(shown),
    )


@blueprint.get("/question-bulks")
@requires("bank.edit")
def bulk_acts() -> str:
    """Show the acts on many questions, newest first."""
    acts, page, pages = queries.bulk_acts(asked_page())
    people = names_of([person for each in acts for person in (each.person, each.undone_by)])
    return render_template("library/bulk_acts.html", acts=acts, pager=Pager(page, pages), people=people)


@blueprint.get("/question-bulks/<int:bulk_id>")
@requires("bank.edit")
def bulk_act(bulk_id: int) -> str:
    """Show an act on many questions and what undoing it left."""
    sheet = queries.bulk_sheet(bulk_id, asked_page())
    return render_template(
        "library/bulk_act.html",
        sheet=sheet,
        act=sheet.line,
        pager=Pager(sheet.page, sheet.pages),
        people=names_of([sheet.line.person, sheet.line.undone_by]),
    )


@blueprint.post("/question-bulks/<int:bulk_id>/undo")
@requires("bank.edit")
def undo(bulk_id: int) -> Any:
    """Take an act on many questions back."""
    done = service.undo(bulk_id, actor(), now())
    flash(gettext("已撤销：%(n)s题恢复成原来的样子。", n=done.put_back), "ok")
    if done.left:
        flash(gettext("有%(n)s题没有动，因为后来又改过，列在下面。", n=len(done.left)), "warn")
    return redirect(url_for("library.bulk_act", bulk_id=bulk_id))
