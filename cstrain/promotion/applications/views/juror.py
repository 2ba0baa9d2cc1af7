"""A juror's page of one applicant: declare, score, seal, sign; and HR's minutes. Made for a tablet."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import now
from cstrain.kernel.errors import NotFoundError
from cstrain.promotion.applications import grounds, queries, service, store
from cstrain.promotion.applications.facts import EntryFacts, Seat
from cstrain.promotion.applications.forms import DeclareForm, NoteForm, points_of, sheet_form
from cstrain.promotion.applications.policy import TIE_WORDS
from cstrain.promotion.applications.views.base import defences, names_of, saved, simple, words
from cstrain.ui.refusal import attempt
from cstrain.ui.sheets import keep_sheet
from cstrain.unit_of_work import own_transaction

_SALT_BYTES = 16


def shown_entry(entry_id: int) -> EntryFacts:
    """Return an entry one sits on or arranges; never one's own."""
    found = queries.entry(entry_id)
    me = actor()
    if me == found.person_id or (found.juror(me) is None and not may(me, "defence.arrange", found.person_id)):
        raise NotFoundError(store.MISSING)
    return found


def _seated(entry_id: int) -> EntryFacts:
    """Return an entry one sits on; else not found."""
    found = shown_entry(entry_id)
    if found.juror(actor()) is None:
        raise NotFoundError(store.MISSING)
    return found


@defences.get("/entries/<int:entry_id>")
@requires("defence.score")
def entry(entry_id: int) -> str:
    """Show an applicant to a juror, with the own draft, or to HR, without any sheet before all open."""
    return _page(shown_entry(entry_id))


def _page(found: EntryFacts, sheet: Any = None, declare: DeclareForm | None = None) -> str:
    me = actor()
    round_ = queries.round_facts(found.round_id)
    panel = store.panel_of(round_.panel_ref, round_.edition)
    application = queries.application(found.application_id)
    ladder, step = grounds.step_of(application)
    juror = found.juror(me)
    kept = queries.own_sheet(me, found.id, me) if juror is not None else None
    scoring = juror is not None and juror.seat is Seat.IN and not juror.sealed and found.times[0] is not None
    arranges = may(me, "defence.arrange", found.person_id)
    form = declare or DeclareForm(formdata=None)
    form.offer()
    if sheet is None and scoring:
        sheet = sheet_form(panel, kept.points if kept else {}, kept.note if kept else "")
    return render_template(
        "applications/entry.html",
        entry=found,
        round=round_,
        panel=panel,
        application=application,
        ladder=ladder,
        step=step,
        juror=juror,
        kept=kept,
        sheet=sheet if scoring else None,
        declare=form,
        may_declare=juror is not None and juror.seat in {Seat.SILENT, Seat.IN} and not juror.sealed,
        result=queries.scores(found.id) if arranges or (juror and juror.seat is Seat.IN) else None,
        names=names_of([found.person_id, *(one.person_id for one in found.jurors)]),
        following=next((one for one in round_.entries if one.position == found.position + 1), None),
        arranges=arranges,
        tie_words=TIE_WORDS,
        myself=me,
    )


@defences.post("/entries/<int:entry_id>/declare")
@requires("defence.score")
def declare(entry_id: int) -> Any:
    """Declare ties, or that there are none."""
    found = _seated(entry_id)
    form = DeclareForm()
    form.offer()
    if form.validate_on_submit() and attempt(
        form, lambda: service.declare(actor(), now(), entry_id, form.answer.data, form.note.data or "")
    ):
        flash(gettext("声明已保存。"), "ok")
        return redirect(url_for("defences.entry", entry_id=entry_id))
    return _page(found, declare=form), 422


@defences.post("/entries/<int:entry_id>/sheet")
@requires("defence.score")
def sheet(entry_id: int) -> Any:
    """Keep the own sheet as a draft, or seal it."""
    found = _seated(entry_id)
    panel = queries.round_panel(found.round_id)
    form = sheet_form(panel, {}, "")
    sealing = request.form.get("seal") == "1"

    def keep() -> None:
        points, note = points_of(form, panel), form.note.data or ""
        if sealing:
            service.seal_sheet(actor(), now(), entry_id, points, note, secrets.token_hex(_SALT_BYTES))
        else:
            service.save_sheet(actor(), now(), entry_id, points, note)

    if form.validate_on_submit() and attempt(form, keep):
        flash(gettext("评分表已密封，不能再改。") if sealing else gettext("草稿已保存，只有你看得到。"), "ok")
        return redirect(url_for("defences.entry", entry_id=entry_id))
    return _page(found, sheet=form), 422


@defences.post("/entries/<int:entry_id>/points")
@requires("defence.score")
@own_transaction
def keep(entry_id: int) -> Any:
    """Keep the own sheet as it is filled in; the page sends it. 200: when it was kept; else why not."""
    found = _seated(entry_id)
    panel = queries.round_panel(found.round_id)
    form, at = sheet_form(panel, {}, ""), now()
    me = actor()
    return keep_sheet(
        form, lambda: service.keep_draft(me, at, entry_id, points_of(form, panel), form.note.data or ""), at
    )


@defences.post("/entries/<int:entry_id>/sign")
@requires("defence.score")
def sign(entry_id: int) -> Any:
    """Sign the minutes."""
    _seated(entry_id)
    service.sign_minutes(actor(), now(), entry_id)
    flash(saved(), "ok")
    return redirect(url_for("defences.entry", entry_id=entry_id))


@defences.route("/entries/<int:entry_id>/minutes", methods=["GET", "POST"])
@requires("defence.arrange")
def minutes(entry_id: int) -> Any:
    """Write the minutes once the sheets are open."""
    found = queries.entry(entry_id)
    demand("defence.arrange", found.person_id)
    form = NoteForm()
    name = names_of([found.person_id])[found.person_id].name
    return simple(
        form,
        lambda: service.write_minutes(actor(), now(), entry_id, form.note.data),
        done=gettext("答辩记录已保存，评委会收到签名的通知。"),
        back=url_for("defences.entry", entry_id=entry_id),
        words=words(
            gettext("答辩记录"),
            gettext("写%(name)s的答辩记录", name=name),
            gettext("写明过程、提问和回答要点；有评委与申请人有关系的，也要写明。写好后不能再改。"),
            gettext("保存记录"),
        ),
    )
