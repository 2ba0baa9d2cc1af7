"""An edition on its way: what it changes, whether its cases hold, what it would do, and the acts on it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.people import queries as people
from cstrain.promotion import ladders
from cstrain.promotion.editions import kinds, queries, service
from cstrain.promotion.editions.facts import EditionFacts, Look, Stage, is_chapter
from cstrain.promotion.editions.forms import ReasonForm
from cstrain.promotion.editions.views.base import OFFICE_WORDS, STAGE_WORDS, blueprint, persons, titled, today
from cstrain.promotion.editions.views.pages import chapter_wording, placed, wording
from cstrain.ui.refusal import attempt


@blueprint.get("/editions/drafts/<int:edition_id>")
@requires("edition.view")
def show(edition_id: int) -> str:
    """Show an edition made here."""
    return _page(edition_id, ReasonForm(formdata=None))


def _page(edition_id: int, form: ReasonForm, refused: str = "") -> str:
    one = queries.draft(edition_id)
    looks = list(queries.looks(edition_id))
    return render_template(
        "editions/show.html",
        one=one,
        title=titled(one.ref),
        chapter=is_chapter(one.ref),
        faults=queries.cases(one),
        looks=looks,
        names=persons([*one.people, *(each.by for each in looks)]),
        stages=STAGE_WORDS,
        form=form,
        refused=refused,
        office_words=OFFICE_WORDS,
        **_acts(one, looks),
        **_content(one),
    )


def _content(one: EditionFacts) -> dict[str, Any]:
    """Return what an edition changes, with the words to say it."""
    changes = kinds.of(one.ref).differences(one.based_on, one.text, one.number)
    if is_chapter(one.ref):
        return {"changes": placed(changes), "levels": {}, **chapter_wording()}
    ladder, base = queries.ladder_text(one), ladders.edition(one.ref, one.based_on)
    return {"changes": changes, "levels": {**base.titles, **ladder.titles}, **wording(ladder, base)}


def _acts(one: EditionFacts, looks: list[Look]) -> dict[str, bool]:
    """Return what the reader may do with an edition now."""
    me = actor()
    roles, chapter = people.roles_of(me, today()), queries.edition_rules()
    free = me not in one.people
    checks = free and may(me, "edition.check") and chapter.office("checked", roles) is not None
    approves = free and may(me, "edition.approve") and chapter.office("approved", roles) is not None
    may_check = checks and one.stage is Stage.DRAFTED
    may_approve = approves and one.stage is Stage.CHECKED
    return {
        "may_check": may_check,
        "may_approve": may_approve,
        "may_return": may_check or may_approve,
        "may_look": one.is_open and may(me, "promotion.simulate"),
        "has_looked": any(each.by == me for each in looks),
        "may_revise": may(me, "edition.draft") and (one.is_open or one.stage is Stage.RETURNED),
        "may_withdraw": one.is_open and one.drafted.by == me,
    }


def _back(edition_id: int, said: str) -> Any:
    flash(said, "ok")
    return redirect(url_for("editions.show", edition_id=edition_id))


@blueprint.post("/editions/drafts/<int:edition_id>/look")
@requires("promotion.simulate")
def look(edition_id: int) -> Any:
    """Look at what an edition would do (a ladder's: to the staff of today), and keep what was seen."""
    service.look(actor(), now(), edition_id)
    read = is_chapter(queries.draft(edition_id).ref)
    return _back(edition_id, gettext("已记下你看过的改动。") if read else gettext("已试算，结果在下面。"))


@blueprint.post("/editions/drafts/<int:edition_id>/check")
@requires("edition.check")
def check(edition_id: int) -> Any:
    """Check an edition."""
    form = ReasonForm(formdata=None)
    if attempt(form, lambda: service.check(actor(), now(), edition_id)):
        return _back(edition_id, gettext("已审核，等批准。"))
    return _page(edition_id, form, "check"), 422


@blueprint.post("/editions/drafts/<int:edition_id>/approve")
@requires("edition.approve")
def approve(edition_id: int) -> Any:
    """Approve an edition."""
    form = ReasonForm(formdata=None)
    if attempt(form, lambda: service.approve(actor(), now(), edition_id)):
        return _back(edition_id, gettext("已批准，到生效日自动采用。"))
    return _page(edition_id, form, "approve"), 422


@blueprint.post("/editions/drafts/<int:edition_id>/return")
@requires("edition.view")
def send_back(edition_id: int) -> Any:
    """Send an edition back with a reason."""
    form = ReasonForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.send_back(actor(), now(), edition_id, form.reason.data or "")
    ):
        return _back(edition_id, gettext("已退回。"))
    return _page(edition_id, form, "return"), 422


@blueprint.post("/editions/drafts/<int:edition_id>/withdraw")
@requires("edition.draft")
def withdraw(edition_id: int) -> Any:
    """Take one's own edition back."""
    form = ReasonForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.withdraw(actor(), now(), edition_id, form.reason.data or "")
    ):
        return _back(edition_id, gettext("已撤回。"))
    return _page(edition_id, form, "withdraw"), 422
