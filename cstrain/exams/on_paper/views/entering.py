"""Entering what a sheet says, and settling where two entries differ."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm

from cstrain.access import actor, requires
from cstrain.exams import queries as exams
from cstrain.exams.facts import SlotView
from cstrain.exams.on_paper import queries, service
from cstrain.exams.on_paper.facts import CopyFacts, CopyState, Task
from cstrain.exams.on_paper.forms import entered, entry_form, resolution_form, resolved
from cstrain.exams.on_paper.views.base import blueprint, others
from cstrain.extensions import local_date, now
from cstrain.people import queries as people
from cstrain.ui.refusal import attempt as attempted


@blueprint.get("/paper-copies/<int:copy_id>/entry")
@requires("sitting.transcribe")
def entry(copy_id: int) -> Any:
    """Show the form to who enters a copy, with what they have kept so far; nobody else's."""
    found = others(copy_id)
    if Task.ENTER not in queries.may_do(found, actor()):
        return redirect(url_for("on_paper.show", copy_id=copy_id))
    slots = queries.form(copy_id)
    return _entry_page(found, slots, _entry_form(slots), queries.own_answers(copy_id, actor()))


def _entry_form(slots: Iterable[SlotView]) -> FlaskForm:
    return entry_form([slot.slot for slot in slots], exams.exam_rules().most_value_bytes)


def _entry_page(found: CopyFacts, slots: tuple[SlotView, ...], form: FlaskForm, held: dict[int, str]) -> str:
    return render_template(
        "on_paper/entry.html",
        copy=found,
        sitting=exams.sitting(found.sitting_id),
        slots=slots,
        form=form,
        held={slot: _json(text) for slot, text in held.items()},
        person=people.get_person(found.person_id, local_date(now())),
    )


def _json(text: str | None) -> Any:
    """Return a kept answer for the page's script; nothing for what cannot be read."""
    try:
        return json.loads(text or "null")
    except (ValueError, RecursionError):
        return None


@blueprint.post("/paper-copies/<int:copy_id>/entry")
@requires("sitting.transcribe")
def enter(copy_id: int) -> Any:
    """Keep what was entered; finished, it is compared with the other one's."""
    found = others(copy_id)
    slots = queries.form(copy_id)
    form = _entry_form(slots)
    answers = entered(form, [slot.slot for slot in slots])
    finish = request.form.get("finish") == "1"
    made: list[bool] = []
    if form.validate_on_submit() and attempted(
        form, lambda: made.append(service.enter(actor(), now(), copy_id, answers, finish=finish))
    ):
        flash(_entered_words(copy_id, finish=finish, settled=made[0]), "ok")
        return redirect(url_for("on_paper.show" if finish else "on_paper.entry", copy_id=copy_id))
    return _entry_page(found, slots, form, answers), 422


def _entered_words(copy_id: int, *, finish: bool, settled: bool) -> str:
    if settled:
        return str(gettext("两份录入一致，已经成为答卷并交卷，阅卷照常进行。"))
    if finish and queries.copy(copy_id).state is CopyState.DIFFERING:
        return str(gettext("已录完。两份录入有不同，请对照试卷处理差异。"))
    if finish:
        return str(gettext("已录完。另一个人也录完以后，会逐题比对。"))
    return str(gettext("已存好，可以接着录。"))


@blueprint.get("/paper-copies/<int:copy_id>/compare")
@requires("sitting.transcribe")
def compare(copy_id: int) -> Any:
    """Show where the two entries differ, once both are finished."""
    found = others(copy_id)
    if found.state in (CopyState.ISSUED, CopyState.ENTERING, CopyState.WITHDRAWN):
        return redirect(url_for("on_paper.show", copy_id=copy_id))
    return _compare_page(found, _resolution_form(copy_id))


def _resolution_form(copy_id: int) -> FlaskForm:
    return resolution_form(queries.differences(copy_id), exams.exam_rules().most_value_bytes)


def _compare_page(found: CopyFacts, form: FlaskForm) -> str:
    different = queries.differences(found.id)
    waiting = found.waiting
    chosen = waiting.answers if waiting else {}
    return render_template(
        "on_paper/compare.html",
        copy=found,
        sitting=exams.sitting(found.sitting_id),
        differences=different,
        chosen={
            each.slot.slot: queries.words(each.slot, chosen[each.slot.slot])
            for each in different
            if each.slot.slot in chosen
        },
        form=form,
        held={each.slot.slot: _json(form[f"slot{each.slot.slot}"].data) for each in different},
        names=people.people({found.person_id, *found.enterers}, local_date(now())),
        tasks=queries.may_do(found, actor()),
        alone=actor() not in found.enterers,
        waiting=waiting,
    )


@blueprint.post("/paper-copies/<int:copy_id>/compare")
@requires("sitting.transcribe")
def resolve(copy_id: int) -> Any:
    """Say what the sheet holds where the entries differ."""
    found = others(copy_id)
    form = _resolution_form(copy_id)
    different = queries.differences(copy_id)
    made: list[bool] = []
    if form.validate_on_submit() and attempted(
        form,
        lambda: made.append(service.resolve(actor(), now(), copy_id, resolved(form, different))),
    ):
        done = gettext("差异已处理，已经成为答卷并交卷，阅卷照常进行。")
        flash(done if made[0] else gettext("已提出，等另一位录入的人同意。"), "ok")
        return redirect(url_for("on_paper.show", copy_id=copy_id))
    return _compare_page(found, form), 422


@blueprint.post("/paper-copies/<int:copy_id>/agree")
@requires("sitting.transcribe")
def agree(copy_id: int) -> Any:
    """Agree to what the other one who entered proposed, or turn it down."""
    others(copy_id)
    agreed = request.form.get("agreed") == "1"
    service.agree(actor(), now(), copy_id, agreed=agreed)
    flash(
        gettext("已同意，已经成为答卷并交卷，阅卷照常进行。")
        if agreed
        else gettext("已退回，差异还要处理。"),
        "ok",
    )
    return redirect(url_for("on_paper.show", copy_id=copy_id))
