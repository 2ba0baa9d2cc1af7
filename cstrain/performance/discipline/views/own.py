"""A person's own page: deductions and registers of a year, contests, and the rules in force."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.calendar import add_months
from cstrain.performance.discipline import queries, service, store
from cstrain.performance.discipline.facts import DeductionFacts, Standing
from cstrain.performance.discipline.forms import ContestForm, words
from cstrain.performance.discipline.policy import KIND_WORDS, SEVERITY_WORDS, STANDING_WORDS
from cstrain.performance.discipline.views.common import blueprint, form_page, missing, names_of
from cstrain.ui.refusal import attempt

_MONTHS = 12


@blueprint.get("")
@requires("deduction.view_own")
def mine() -> str:
    """Show one's own deductions and register entries of the last twelve months."""
    me, today = actor(), local_date(now())
    since = add_months(today.replace(day=1), 1 - _MONTHS)
    found = queries.deductions_about(me, since)
    counting = [one for one in found if one.standing is not Standing.REVERSED]
    this_month = [one for one in counting if one.day >= today.replace(day=1)]
    return render_template(
        "discipline/mine.html",
        found=found,
        entries=queries.entries_about(me, since),
        number=len(this_month),
        points_total=sum(one.total for one in this_month),
        since=since,
        today=today,
        may_view=may(me, "deduction.view"),
        may_registers=may(me, "register.view"),
        kinds=dict(words(KIND_WORDS)),
        severities=dict(words(SEVERITY_WORDS)),
        standings=dict(words(STANDING_WORDS)),
    )


def _own(deduction_id: int) -> DeductionFacts:
    facts = queries.deduction(deduction_id)
    if facts.person != actor():
        raise missing()
    return facts


@blueprint.route("/deductions/<int:deduction_id>/contest", methods=["GET", "POST"])
@requires("deduction.contest")
def contest(deduction_id: int) -> Any:
    """Contest a deduction of one's own."""
    facts = _own(deduction_id)
    form = ContestForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.contest(actor(), now(), facts.id, form.says.data or "")
    ):
        flash(gettext("申诉已提交，由登记人以外的人决定，结果会通知你。"), "ok")
        return redirect(url_for("discipline.deduction", deduction_id=facts.id))
    open_now = facts.may_be_contested(local_date(now()))
    return form_page("contest", form, one=facts, names=names_of([facts.booked_by]), open_now=open_now)


@blueprint.get("/rules")
@requires("deduction.view_own")
def rule_sets() -> str:
    """Show the rules in force: everybody may read by what points are deducted."""
    return render_template("discipline/rules.html", sets=store.rule_sets(local_date(now())))
