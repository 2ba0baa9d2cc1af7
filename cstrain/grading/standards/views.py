"""Pages of standard setting: panels, what judges say, what the panel found."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm

from cstrain.access import actor, may, requires
from cstrain.exams import queries as exams
from cstrain.extensions import local_date, now
from cstrain.grading.analysis.queries import figures_of, released_totals
from cstrain.grading.standards import presenting, queries, rules, service
from cstrain.grading.standards.facts import Given, StudyFacts
from cstrain.grading.standards.forms import METHOD_WORDS, StudyForm, given, rating_form
from cstrain.grading.statistics.figure import ITEM_LEAST, TEST_LEAST
from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.questions.queries import public_versions
from cstrain.ui.refusal import told

blueprint = Blueprint("standards", __name__, url_prefix="/standards")
blueprints = [blueprint]

_SEEDS = 1_000_000


@blueprint.get("")
@requires("standard.judge")
def index() -> str:
    """Show the panels one judges in or, for who opens panels, all of them."""
    me = actor()
    every = queries.studies()
    mine = every if may(me, "standard.arrange") else [study for study in every if me in study.judges]
    return render_template(
        "grading/standards.html",
        studies=mine,
        waiting=[study for study in mine if study.waits_for(me)],
        may_open=may(me, "standard.arrange"),
        methods=METHOD_WORDS,
    )


def _study_form() -> StudyForm:
    form = StudyForm()
    papers = {paper.ref: paper.title for paper in exams.papers() if paper.kind != "quiz"}
    judges = queries.possible_judges(local_date(now()))
    form.offer(papers.items(), [(one.id, f"{one.name} {one.staff_no}") for one in judges])
    return form


@blueprint.get("/new")
@requires("standard.arrange")
def new() -> str:
    """Show the form of a new panel."""
    return render_template("grading/standard_new.html", form=_study_form())


@blueprint.post("/new")
@requires("standard.arrange")
def open_study() -> Any:
    """Open a panel; its judges are told."""
    form = _study_form()
    if form.validate_on_submit():
        judges = [PersonId(each) for each in form.judges.data or ()]
        try:
            seed = secrets.randbelow(_SEEDS) + 1
            made = service.open_study(actor(), now(), form.paper.data, form.method.data, judges, seed)
        except DomainError as error:
            form.form_errors.append(told(error))
        else:
            flash(gettext("定标已开始，评委会收到通知。"), "ok")
            return redirect(url_for("standards.show", study_id=made))
    return render_template("grading/standard_new.html", form=form), 422


def _mine(study_id: int) -> StudyFacts:
    """Return a panel one may look at: as a judge, or as one who opens panels."""
    study = queries.study(study_id)
    if actor() not in study.judges and not may(actor(), "standard.arrange"):
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    return study


@blueprint.get("/<int:study_id>")
@requires("standard.judge")
def show(study_id: int) -> str:
    """Show where a panel stands; what judges said once their round is over; the result at the end."""
    return _page(_mine(study_id))


def _page(study: StudyFacts, errors: tuple[str, ...] = ()) -> str:
    over = study.round if study.shows(study.round) else study.round - 1
    said = queries.given(study.id, over) if over else {}
    names = people.people([*study.judges, study.opened_by], local_date(now()))
    panel = rules.panel(said, study.items) if said and study.by_question else None
    return render_template(
        "grading/standard.html",
        study=study,
        names=names,
        over=over,
        said=said,
        panel=panel,
        judge_bars=presenting.judge_bars(panel, names) if panel else [],
        curves=_curves(study, said),
        versions=public_versions([item.version_id for item in study.items]) if panel else {},
        known=figures_of([item.version_id for item in study.items]) if panel else {},
        waits=study.waits_for(actor()),
        judges_here=actor() in study.judges,
        may_close=may(actor(), "standard.arrange"),
        methods=METHOD_WORDS,
        errors=errors,
        least=TEST_LEAST,
    )


def _curves(study: StudyFacts, said: Mapping[PersonId, Given]) -> presenting.HofsteeChart | None:
    """Return the chart of a closed panel of four numbers, as long as there are marks to hold them against."""
    if study.closed_at is None or study.by_question:
        return None
    marks = released_totals(study.paper.ref, study.paper.id)
    return presenting.hofstee_curves(said, marks) if marks else None


@blueprint.get("/<int:study_id>/rate")
@requires("standard.judge")
def judge(study_id: int) -> str:
    """Show a judge's sheet of the open round: what they said before stands in it."""
    study = _judging(study_id)
    return _sheet(study, rating_form(study, queries.given(study_id, study.round).get(actor())))


def _judging(study_id: int) -> StudyFacts:
    study = queries.study(study_id)
    if actor() not in study.judges:
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    return study


def _sheet(study: StudyFacts, form: FlaskForm) -> str:
    before = queries.given(study.id, 1) if study.round > 1 else {}
    versions = [item.version_id for item in study.items]
    return render_template(
        "grading/standard_rate.html",
        study=study,
        form=form,
        versions=public_versions(versions),
        others=_means(before, study),
        known=figures_of(versions) if study.round > 1 else {},
        methods=METHOD_WORDS,
        least=ITEM_LEAST,
    )


def _means(before: Mapping[PersonId, Given], study: StudyFacts) -> dict[str, Decimal]:
    """Return the mean of what all judges said of each question in the first round, in per cent."""
    count = len(before)
    return {
        str(item.slot): sum((said[str(item.slot)] for said in before.values()), Decimal(0)) / count
        for item in (study.items if count else ())
    }


@blueprint.post("/<int:study_id>/rate")
@requires("standard.judge")
def rate(study_id: int) -> Any:
    """Keep what a judge says."""
    study = _judging(study_id)
    form = rating_form(study, None)
    if form.validate_on_submit():
        try:
            number = request.form.get("round", 0, int)
            service.rate(actor(), now(), study_id, number, given(form, study))
        except DomainError as error:
            form.form_errors.append(told(error))
        else:
            flash(gettext("已保存。这一轮结束以前可以再改。"), "ok")
            return redirect(url_for("standards.show", study_id=study_id))
    return _sheet(study, form), 422


@blueprint.post("/<int:study_id>/close")
@requires("standard.arrange")
def close(study_id: int) -> Any:
    """End the open round, or the panel."""
    study = _mine(study_id)
    final = request.form.get("final") == "1"
    try:
        service.close_round(actor(), now(), study_id, request.form.get("round", 0, int), final=final)
    except DomainError as error:
        return _page(study, (told(error),)), 422
    flash(gettext("这一轮已结束。"), "ok")
    return redirect(url_for("standards.show", study_id=study_id))
