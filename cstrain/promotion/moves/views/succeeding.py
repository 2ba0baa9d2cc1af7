"""Supervisors' successions: the list, a succession with its ranking, choice, notice and objections."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people.policy import LEVEL_WORDS
from cstrain.promotion.moves import queries, service, store, wording
from cstrain.promotion.moves.facts import Ranked, SuccessionFacts
from cstrain.promotion.moves.forms import (
    AnswerForm,
    ChooseForm,
    ObjectForm,
    OpenForm,
    ReasonForm,
    SecondForm,
    named,
    yes,
)
from cstrain.promotion.moves.queries import Eyes
from cstrain.promotion.moves.views.common import form_page, persons, places, successions, to_succession, today
from cstrain.ui.forms import CleanForm
from cstrain.ui.refusal import attempt


@successions.get("")
@requires("move.view_own")
def index() -> str:
    """List what the reader may see: everybody the notices, managers all."""
    eyes = Eyes(actor(), today())
    return render_template(
        "moves/successions.html",
        rows=[one for one in queries.successions() if _sees(eyes, one)],
        may_open=may(actor(), "move.announce"),
        words=wording,
        chapter=store.chapter().succession,
    )


def manages(eyes: Eyes, one: SuccessionFacts) -> bool:
    """Tell whether somebody manages a succession: who arranges moves there, or chooses."""
    return eyes.reach("move.view").covers(one.department) or eyes.reach("move.choose").covers(one.department)


def _sees(eyes: Eyes, one: SuccessionFacts) -> bool:
    """Tell whether somebody may see a succession: its notice everybody, before it who manages it."""
    return manages(eyes, one) or any(each.first_day is not None for each in one.choices)


def _open_form() -> OpenForm:
    form = OpenForm()
    form.offer(places())
    return form


def _open_page(form: OpenForm) -> str:
    crumb = url_for("successions.index"), gettext("主管接任")
    lead = gettext(store.chapter().succession.clause)
    return form_page(form, gettext("写清哪个部门的主管空缺"), lead, gettext("开始接任"), crumb=crumb)


@successions.get("/new")
@requires("move.announce")
def new() -> str:
    """Show the form to open a succession."""
    return _open_page(_open_form())


@successions.post("/new")
@requires("move.announce")
def open_one() -> Any:
    """Open a succession."""
    form = _open_form()
    made: list[int] = []

    def act() -> None:
        place, day = form.department.data, form.vacant_from.data
        made.append(service.open_succession(actor(), now(), place, day, form.note.data or ""))

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("接任已开始，等总监选人。"), "ok")
        return to_succession(made[0])
    return _open_page(form), 422


def held(succession_id: int) -> tuple[SuccessionFacts, Eyes]:
    """Return a succession the reader may see; 404 for others as for none."""
    one, eyes = queries.succession(succession_id), Eyes(actor(), today())
    if not _sees(eyes, one):
        raise NotFoundError(store.MISSING)
    return one, eyes


def _choose_form(ranking: tuple[Ranked, ...]) -> ChooseForm:
    form = named(ChooseForm(), "choose")
    names = persons(one.senior.person for one in ranking)
    choices = [one.senior.person for one in ranking if one.senior.person != actor()]
    form.offer([(one, f"{names[one].name} {names[one].staff_no}") for one in choices])
    return form


def _forms(one: SuccessionFacts, eyes: Eyes, ranking: tuple[Ranked, ...]) -> dict[str, CleanForm]:
    """Return the forms of what the reader may do now, by duty."""
    kinds = {duty.kind for duty in queries.in_succession(eyes, one)}
    found: dict[str, CleanForm] = {}
    if "choose" in kinds and ranking:
        found["choose"] = _choose_form(ranking)
    if "second" in kinds:
        found["second"] = named(SecondForm(), "second")
    if one.outcome is None and one.current is None and may(actor(), "move.announce"):
        found["cancel"] = named(ReasonForm(), "cancel")
    current = one.current
    if current is not None and current.is_shown and current.last_day is not None:
        if eyes.today <= current.last_day and eyes.person != current.person:
            found["object"] = named(ObjectForm(), "object")
        for each in current.objections:
            if each.upheld is None and queries.can_look_into(eyes, current, each.by):
                found[f"answer{each.id}"] = named(AnswerForm(), f"answer{each.id}")
    return found


def page(succession_id: int, **refused: CleanForm) -> str:
    """Return a succession's page; ``refused`` are the forms that were refused."""
    one, eyes = held(succession_id)
    mine = manages(eyes, one)
    current = one.current
    ranking = current.ranking if current is not None else ()
    if one.outcome is None and current is None and mine:
        ranking = queries.ranking(one.department, today(), store.succession_rules(one))
    kinds = {duty.kind for duty in queries.in_succession(eyes, one)}
    everybody = {who for each in one.choices for who in (each.person, each.proposed_by, each.answered_by)}
    objectors = {o.answered_by for each in one.choices for o in each.objections}
    return render_template(
        "moves/succession.html",
        one=one,
        current=current,
        ranking=ranking if mine else (),
        forms=_forms(one, eyes, ranking) | refused,
        names=persons({*everybody, *objectors, one.predecessor, *(each.senior.person for each in ranking)}),
        manages=mine,
        myself=actor(),
        looks={each.id for each in current.objections if queries.can_look_into(eyes, current, each.by)}
        if current is not None
        else set(),
        may_close="close" in kinds,
        chapter=store.succession_rules(one),
        levels={str(level): gettext(word) for level, word in LEVEL_WORDS.items()},
        words=wording,
        today=today(),
    )


@successions.get("/<int:succession_id>")
@requires("move.view_own")
def show(succession_id: int) -> str:
    """Show a succession: its notice to everybody, the ranking to who manages it."""
    return page(succession_id)


@successions.post("/<int:succession_id>/choose")
@requires("move.choose")
def choose(succession_id: int) -> Any:
    """Propose who is to succeed."""
    one, _eyes = held(succession_id)
    form = _choose_form(queries.ranking(one.department, today(), store.succession_rules(one)))

    def act() -> None:
        person = PersonId(form.person.data)
        service.choose(actor(), now(), succession_id, person, form.starts_on.data, form.reason.data or "")

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("已提出，等另一个人确认。"), "ok")
        return to_succession(succession_id)
    return page(succession_id, choose=form), 422


@successions.post("/<int:succession_id>/second")
@requires("move.arrange")
def second(succession_id: int) -> Any:
    """Confirm the choice, or send it back."""
    held(succession_id)
    form = named(SecondForm(), "second")
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.second(actor(), now(), succession_id, form.text.data or "", agreed=yes(form.agreed)),
    ):
        flash(gettext("已完成。"), "ok")
        return to_succession(succession_id)
    return page(succession_id, second=form), 422


@successions.post("/<int:succession_id>/object")
@requires("succession.object")
def object_to(succession_id: int) -> Any:
    """Object to the successor while the notice is up."""
    held(succession_id)
    form = named(ObjectForm(), "object")

    def act() -> None:
        anonymous = bool(form.anonymous.data)
        service.object_to(actor(), now(), succession_id, form.text.data or "", anonymous=anonymous)

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("异议已收到，由没有参与的人调查答复。"), "ok")
        return to_succession(succession_id)
    return page(succession_id, object=form), 422


@successions.post("/<int:succession_id>/objections/<int:objection_id>")
@requires("move.decide_appeal")
def answer(succession_id: int, objection_id: int) -> Any:
    """Answer an objection."""
    held(succession_id)
    prefix = f"answer{objection_id}"
    form = named(AnswerForm(), prefix)

    def act() -> None:
        said, upheld = form.text.data or "", yes(form.agreed)
        service.answer_objection(actor(), now(), succession_id, objection_id, said, upheld=upheld)

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("答复已保存。"), "ok")
        return to_succession(succession_id)
    return page(succession_id, **{prefix: form}), 422


@successions.post("/<int:succession_id>/close")
@requires("move.arrange")
def close(succession_id: int) -> Any:
    """Close the notice and appoint."""
    held(succession_id)
    appointed = service.close_notice(actor(), now(), succession_id)
    flash(gettext("公示结束，已任命。") if appointed else gettext("有异议成立，这个人选停止。"), "ok")
    return to_succession(succession_id)


@successions.post("/<int:succession_id>/cancel")
@requires("move.announce")
def cancel(succession_id: int) -> Any:
    """End a succession without a successor."""
    held(succession_id)
    form = named(ReasonForm(), "cancel")
    if form.validate_on_submit() and attempt(
        form, lambda: service.cancel_succession(actor(), now(), succession_id, form.reason.data or "")
    ):
        flash(gettext("已取消。"), "ok")
        return to_succession(succession_id)
    return page(succession_id, cancel=form), 422
