"""The forms: one's own, the superior's, a peer's; who is asked; what customers said."""

from __future__ import annotations

import random
import secrets
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.kernel.errors import ConflictError
from cstrain.kernel.ids import PersonId
from cstrain.performance.reviews import queries, service
from cstrain.performance.reviews.facts import CycleFacts, SubjectFacts
from cstrain.performance.reviews.forms import CustomersForm, NameForm, answers_of, review_form
from cstrain.performance.reviews.policy import MANAGER, PEERS, SELF
from cstrain.performance.reviews.service.answer import ANSWERED, HANDED_IN, CustomerCounts
from cstrain.performance.reviews.views.common import blueprint, missing, part, persons, to_cycle, today
from cstrain.ui.forms import CleanForm
from cstrain.ui.refusal import attempt


def _to_fill(subject_id: int, view: str) -> tuple[CycleFacts, SubjectFacts]:
    """Return whose form of a view the reader may fill in now; 404 when it never was theirs to fill."""
    cycle, one = part(subject_id)
    if _is_in(one, view):
        raise ConflictError(ANSWERED if view == PEERS else HANDED_IN)
    if not _waits(one, view):
        raise missing()
    if not cycle.is_open(today()):
        raise ConflictError("没有交：这次评价已经截止，不能再填。")
    return cycle, one


def _is_in(one: SubjectFacts, view: str) -> bool:
    """Tell whether this form was the reader's and is handed in: sent twice, or gone back to."""
    if view == SELF:
        return one.person == actor() and one.own_in
    if view == MANAGER:
        return one.manager_in and queries.may_rate(actor(), one)
    return view == PEERS and one.id in queries.answered(actor(), [one.id])


def _waits(one: SubjectFacts, view: str) -> bool:
    """Tell whether this form waits for the reader."""
    if view == SELF:
        return one.person == actor() and not one.own_in
    if view == MANAGER:
        return not one.manager_in and queries.may_rate(actor(), one)
    return view == PEERS and one.id in queries.unanswered(actor(), [one.id])


def _form_page(cycle: CycleFacts, one: SubjectFacts, view: str, form: CleanForm) -> str:
    return render_template(
        "reviews/form.html",
        cycle=cycle,
        one=one,
        view=view,
        form=form,
        rules=cycle.rules,
        title=cycle.rules.view(view).title,
        clause=cycle.rules.view(view).clause,
        name=persons([one.person])[one.person].name,
    )


@blueprint.get("/forms/<int:subject_id>/<view>")
@requires("review.view_own")
def form(subject_id: int, view: str) -> str:
    """Show a form to be filled in."""
    cycle, one = _to_fill(subject_id, view)
    return _form_page(cycle, one, view, review_form(cycle.rules, peer=view == PEERS))


@blueprint.post("/forms/<int:subject_id>/<view>")
@requires("review.view_own")
def hand_in(subject_id: int, view: str) -> Any:
    """Hand a form in; a peer's is counted without the name."""
    cycle, one = _to_fill(subject_id, view)
    typed = review_form(cycle.rules, peer=view == PEERS)

    def act() -> None:
        given, note = answers_of(typed, cycle.rules), typed["note"].data or ""
        if view == PEERS:
            chance = random.Random(secrets.token_bytes(32))  # noqa: S311  # its seed is secret
            service.answer_as_peer(actor(), now(), subject_id, given, note, chance)
        else:
            service.hand_in(actor(), now(), subject_id, view, given, note)

    if typed.validate_on_submit() and attempt(typed, act):
        done = gettext("已匿名计入。只记下你答过，不记你答了什么。") if view == PEERS else gettext("已交。")
        flash(done, "ok")
        return redirect(url_for("reviews.mine"))
    return _form_page(cycle, one, view, typed), 422


# who is asked


def _to_name(subject_id: int) -> tuple[CycleFacts, SubjectFacts]:
    cycle, one = part(subject_id)
    waits = cycle.way == "named" and cycle.is_open(today())
    if not waits or not queries.may_rate(actor(), one):
        raise missing()
    if one.asked:
        raise ConflictError("没有保存：已经请过同事评价，不能再换人。")
    return cycle, one


def _name_page(cycle: CycleFacts, one: SubjectFacts, typed: NameForm) -> str:
    return render_template(
        "reviews/name.html",
        cycle=cycle,
        one=one,
        form=typed,
        name=persons([one.person])[one.person].name,
    )


def _name_form(cycle: CycleFacts, one: SubjectFacts) -> NameForm:
    typed = NameForm()
    facts = persons(queries.nameable(cycle, one, actor(), today()))
    ordered = sorted(facts.values(), key=lambda each: each.staff_no)
    typed.offer((each.id, f"{each.name} {each.staff_no}") for each in ordered)
    return typed


@blueprint.get("/forms/<int:subject_id>/peers/named")
@requires("review.rate")
def naming(subject_id: int) -> str:
    """Show which colleagues may be asked about somebody."""
    cycle, one = _to_name(subject_id)
    return _name_page(cycle, one, _name_form(cycle, one))


@blueprint.post("/forms/<int:subject_id>/peers/named")
@requires("review.rate")
def name_peers(subject_id: int) -> Any:
    """Ask these colleagues."""
    cycle, one = _to_name(subject_id)
    typed = _name_form(cycle, one)
    chosen = [PersonId(each) for each in typed.ids()]
    if typed.validate_on_submit() and attempt(
        typed, lambda: service.name_peers(actor(), now(), subject_id, chosen)
    ):
        flash(gettext("已请这些同事匿名评价。"), "ok")
        return redirect(url_for("reviews.mine"))
    return _name_page(cycle, one, typed), 422


# customers


def _about_customers(subject_id: int) -> tuple[CycleFacts, SubjectFacts]:
    cycle, one = part(subject_id)
    waits = cycle.customers and cycle.closed_at is None
    if not waits or not may(actor(), "review.customers", one.person):
        raise missing()
    return cycle, one


def _customers_page(cycle: CycleFacts, one: SubjectFacts, typed: CustomersForm) -> str:
    entries = queries.customers_entries(one.id)
    names = persons([one.person, *(by for _said, by, _at in entries)])
    return render_template(
        "reviews/customers.html", cycle=cycle, one=one, form=typed, entries=entries, names=names
    )


@blueprint.get("/forms/<int:subject_id>/customers/counts")
@requires("review.customers")
def customers(subject_id: int) -> str:
    """Show what was entered of customers, and the form for another entry."""
    return _customers_page(*_about_customers(subject_id), CustomersForm())


@blueprint.post("/forms/<int:subject_id>/customers/counts")
@requires("review.customers")
def enter_customers(subject_id: int) -> Any:
    """Enter what customers said."""
    cycle, one = _about_customers(subject_id)
    typed = CustomersForm()

    def act() -> None:
        said = CustomerCounts(
            typed.answers.data or 0,
            typed.satisfied.data or 0,
            typed.complaints.data or 0,
            typed.major.data or 0,
            typed.source.data or "",
        )
        service.enter_customers(actor(), now(), subject_id, said)

    if typed.validate_on_submit() and attempt(typed, act):
        flash(gettext("已登记客户评价，算这次的。"), "ok")
        return to_cycle(cycle.id)
    return _customers_page(cycle, one, typed), 422
