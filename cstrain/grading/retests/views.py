"""Pages of passes that relied on a changed lesson: who holds them, a ready sitting, no sitting needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import local_date, now, zone
from cstrain.grading.retests import queries, service
from cstrain.grading.retests.facts import TO_RETEST, PaperGroup, Reliance, Stage
from cstrain.grading.retests.forms import RetestForm, WaiveForm
from cstrain.kernel.errors import ForbiddenError, NotFoundError
from cstrain.lessons.queries import LessonChange, lesson_change
from cstrain.people import queries as people
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt as attempted

blueprint = Blueprint("retests", __name__, url_prefix="/rule-changes")
blueprints = [blueprint]

_PAGE = 100
_MISSING = "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。"


class Pager:
    """Which page one reads, and the addresses of the others."""

    def __init__(self, page: int, pages: int, url: Callable[[int], str]) -> None:
        self.page, self.pages, self.url = page, pages, url


@blueprint.get("/<ref>/<int:number>/retests")
@requires("rule_change.view")
def show(ref: str, number: int) -> str:
    """Show whose passes relied on what a version of a lesson changed, and where it stands with each."""
    return _page(lesson_change(ref, number), WaiveForm(formdata=None))


def _page(change: LessonChange, form: WaiveForm) -> str:
    groups = queries.relying(change, now())
    lines = [line for group in groups for line in group.lines]
    form.offer(_undecided(lines))
    pages = max(1, -(-len(lines) // _PAGE))
    page = min(max(1, request.args.get("page", 1, whole)), pages)
    shown = lines[(page - 1) * _PAGE : page * _PAGE]
    deciders = {line.waiver.decided_by for line in shown if line.waiver}
    return render_template(
        "retests/show.html",
        change=change,
        groups=groups,
        lines=shown,
        total=len(lines),
        to_retest=sum(len(group.to_retest) for group in groups),
        sittings=queries.sittings(change, now()),
        form=form,
        ticked=set(form.attempts.data or ()),
        may_arrange=may(actor(), "sitting.arrange"),
        me_id=actor(),
        undecided=TO_RETEST | {Stage.AWAY},
        names=people.people(deciders, local_date(now())),
        pager=Pager(
            page, pages, lambda n: url_for("retests.show", ref=change.ref, number=change.number, page=n)
        ),
    )


def _undecided(lines: Sequence[Reliance]) -> list[Reliance]:
    """Return the passes of others about which one may decide."""
    return [line for line in lines if line.stage in TO_RETEST | {Stage.AWAY} and line.person.id != actor()]


@blueprint.post("/<ref>/<int:number>/retests")
@requires("sitting.arrange")
def waive(ref: str, number: int) -> Any:
    """Keep that the ticked people need not sit the paper again."""
    _refuse_strangers()
    change, form = lesson_change(ref, number), WaiveForm()
    lines = [line for group in queries.relying(change, now()) for line in group.lines]
    form.offer(_undecided(lines))
    if form.validate_on_submit():
        for line in lines:
            if line.attempt_id in form.chosen():
                demand("sitting.arrange", line.person.id)

        def act() -> None:
            done = service.waive(actor(), now(), ref, number, form.chosen(), form.reason.data or "")
            flash(gettext("已记下：%(n)s人不用重考。", n=done), "ok")

        if attempted(form, act):
            return redirect(url_for("retests.show", ref=ref, number=number))
    return _page(change, form), 422


def _refuse_strangers() -> None:
    """Refuse who may arrange sittings, but is not to know what lessons changed for whom."""
    if not may(actor(), "rule_change.view"):
        raise ForbiddenError("你没有打开这一页的权限。如果工作需要，请联系系统管理员。")


def _group(change: LessonChange, paper_ref: str) -> PaperGroup:
    _refuse_strangers()
    found = next((group for group in queries.relying(change, now()) if group.ref == paper_ref), None)
    if found is None:
        raise NotFoundError(_MISSING)
    return found


def _pickable(group: PaperGroup) -> list[Reliance]:
    """Return whom one may invite: everybody here whose pass relied on it; nobody invites themself."""
    gone = (Stage.LEFT, Stage.ARRANGED)
    return [line for line in group.lines if line.stage not in gone and line.person.id != actor()]


@blueprint.get("/<ref>/<int:number>/retests/<paper_ref>")
@requires("sitting.arrange")
def arrange_form(ref: str, number: int, paper_ref: str) -> str:
    """Show a ready sitting: the paper, a window, the place of last time, the people who should come."""
    change = lesson_change(ref, number)
    group = _group(change, paper_ref)
    waiting = {line.person.id for line in group.waiting} - {actor()}
    ready = queries.draft(paper_ref, actor(), now())
    form = RetestForm(formdata=None, data=RetestForm.values(ready, waiting))
    return _arrange_page(change, group, form)


def _arrange_page(change: LessonChange, group: PaperGroup, form: RetestForm) -> str:
    pickable = _pickable(group)
    form.offer(pickable)
    return render_template(
        "retests/arrange.html",
        change=change,
        group=group,
        form=form,
        pickable=pickable,
        ticked=set(form.people.data or ()),
        draft=queries.draft(group.ref, actor(), now()),
    )


@blueprint.post("/<ref>/<int:number>/retests/<paper_ref>")
@requires("sitting.arrange")
def arrange(ref: str, number: int, paper_ref: str) -> Any:
    """Arrange the sitting, or show the form again with what is missing."""
    change, form = lesson_change(ref, number), RetestForm()
    group = _group(change, paper_ref)
    form.offer(_pickable(group))
    if form.validate_on_submit():
        wanted = form.wanted(paper_ref, zone())
        for person in wanted.people:
            demand("sitting.arrange", person)

        def act() -> None:
            service.arrange(actor(), now(), ref, number, wanted)
            flash(gettext("重考场次已建立，考生会收到通知。"), "ok")

        if attempted(form, act):
            return redirect(url_for("retests.show", ref=ref, number=number))
    return _arrange_page(change, group, form), 422
