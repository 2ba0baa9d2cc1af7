"""Drafting an edition: other numbers in a form, or the text and its cases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.errors import ConflictError, NotFoundError
from cstrain.policies.yaml_source import SourceError
from cstrain.promotion import changing, ladders
from cstrain.promotion.editions import kinds, queries, rules, service, store, texts
from cstrain.promotion.editions.facts import EditionFacts, Stage, is_chapter
from cstrain.promotion.editions.forms import ChapterForm, TextForm, new_numbers_form
from cstrain.promotion.editions.kinds import Policy
from cstrain.promotion.editions.service import NewEdition
from cstrain.promotion.editions.views.base import blueprint, titled, today
from cstrain.promotion.forms import given
from cstrain.promotion.views.simulating import PARAMETER_WORDS
from cstrain.ui.forms import CleanForm
from cstrain.ui.refusal import attempt

_NOT_OPEN = "没有办理：这一版已经不在这一步了。请刷新后再看。"


def _next(ref: str) -> tuple[Policy, int, date]:
    """Return what gets a new edition, its number, and the first day that is possible."""
    policy = kinds.of(ref)
    known = policy.known()
    return policy, rules.next_number(known), rules.earliest_start(known, today()) + timedelta(days=1)


def _next_ladder(ref: str) -> tuple[Ladder, int, date]:
    """Return the newest edition of a ladder instead; a chapter has no form of numbers."""
    if is_chapter(ref):
        raise NotFoundError(store.MISSING)
    _policy, number, start = _next(ref)
    return max(ladders.editions(ref), key=lambda one: one.edition), number, start


@blueprint.get("/editions/<ref>/new")
@requires("edition.draft")
def numbers_form(ref: str) -> str:
    """Show every number of the newest edition, to be changed."""
    base, _number, start = _next_ladder(ref)
    form = new_numbers_form(changing.numbers(base), PARAMETER_WORDS, start)
    return _numbers_page(base, form)


def _numbers_page(base: Ladder, form: CleanForm) -> str:
    steps = changing.by_step(changing.numbers(base))
    return render_template("editions/numbers.html", ladder=base, steps=steps, form=form)


@blueprint.post("/editions/<ref>/new")
@requires("edition.draft")
def draft_numbers(ref: str) -> Any:
    """Draft an edition with other numbers; the text stays as it was otherwise."""
    base, number, start = _next_ladder(ref)
    found = changing.numbers(base)
    form = new_numbers_form(found, PARAMETER_WORDS, start)
    made: list[int] = []

    def act() -> None:
        text, cases = queries.start_texts(base, number, form["effective_from"].data)
        changed = texts.with_numbers(text, number, given(form, found))
        new = NewEdition(ref, form["effective_from"].data, changed, cases, form["reason"].data)
        made.append(service.draft(actor(), now(), new))

    if form.validate_on_submit() and attempt(form, act):
        return _done(made[0])
    return _numbers_page(base, form), 422


def _done(edition_id: int) -> Any:
    flash(gettext("新版已保存，等审核。"), "ok")
    return redirect(url_for("editions.show", edition_id=edition_id))


@blueprint.get("/editions/<ref>/new/text")
@requires("edition.draft")
def text_form(ref: str) -> str:
    """Show the text of the newest edition, a ladder's with its cases, to be changed."""
    policy, number, start = _next(ref)
    text, cases = policy.begun(number, start)
    data = {"text": text, "scenarios": cases, "effective_from": start}
    return _text_page(policy, _form_of(ref)(formdata=None, data=data), None)


def _form_of(ref: str) -> type[ChapterForm]:
    return ChapterForm if is_chapter(ref) else TextForm


def _text_page(policy: Policy, form: ChapterForm, old: EditionFacts | None) -> str:
    base = rules.next_number(policy.known()) - 1
    return render_template(
        "editions/text.html", ref=policy.ref, title=titled(policy.ref), base=base, form=form, old=old
    )


@blueprint.post("/editions/<ref>/new/text")
@requires("edition.draft")
def draft_text(ref: str) -> Any:
    """Draft an edition from its text; faults are named by line."""
    return _draft_text(ref, None)


@blueprint.get("/editions/drafts/<int:edition_id>/revise")
@requires("edition.draft")
def revise_form(edition_id: int) -> str:
    """Show an edition's text to be corrected; what is saved is another draft in its place."""
    old = _to_revise(edition_id)
    data = {
        "text": old.text,
        "scenarios": old.scenarios,
        "effective_from": old.effective_from,
        "reason": old.reason,
    }
    return _text_page(kinds.of(old.ref), _form_of(old.ref)(formdata=None, data=data), old)


@blueprint.post("/editions/drafts/<int:edition_id>/revise")
@requires("edition.draft")
def revise(edition_id: int) -> Any:
    """Draft another edition in the place of one."""
    old = _to_revise(edition_id)
    return _draft_text(old.ref, old)


def _to_revise(edition_id: int) -> EditionFacts:
    old = queries.draft(edition_id)
    if not old.is_open and old.stage is not Stage.RETURNED:
        raise ConflictError(_NOT_OPEN)
    return old


def _draft_text(ref: str, old: EditionFacts | None) -> Any:
    policy, form = kinds.of(ref), _form_of(ref)()
    made: list[int] = []

    def act() -> None:
        new = NewEdition(
            ref,
            form.effective_from.data,
            form.text.data or "",
            form["scenarios"].data or "" if "scenarios" in form else "",
            form.reason.data or "",
            old.id if old is not None else None,
        )
        made.append(service.draft(actor(), now(), new))

    try:
        if form.validate_on_submit() and attempt(form, act):
            return _done(made[0])
    except SourceError as error:
        form.form_errors = [*form.form_errors, *(str(fault) for fault in error.faults[:20])]
    return _text_page(policy, form, old), 422
