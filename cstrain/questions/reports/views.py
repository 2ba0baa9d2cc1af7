"""Pages of reports that a question is wrong: writing one, one's own, answering."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import local_date, now
from cstrain.people import queries as people
from cstrain.questions.facts import QuestionLine
from cstrain.questions.reports import queries, service
from cstrain.questions.reports.facts import Report
from cstrain.questions.reports.forms import ANSWER_WORDS, KIND_WORDS, AnswerForm, ReportForm
from cstrain.questions.slots import statistics
from cstrain.questions.version_lines import version_lines
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt as attempted

blueprint = Blueprint("reports", __name__, url_prefix="/question-reports")
blueprints = [blueprint]


class Pager:
    """Which page one reads, and the addresses of the others."""

    def __init__(self, page: int, pages: int, url: Callable[[int], str]) -> None:
        self.page, self.pages, self.url = page, pages, url


def _asked_page() -> int:
    return request.args.get("page", 1, whole)


@blueprint.get("/mine")
@requires("question.report")
def mine() -> str:
    """Show one's own reports with their answers, the newest first."""
    found = queries.reports_by(actor(), _asked_page())
    return render_template(
        "reports/mine.html",
        found=found,
        kinds=KIND_WORDS,
        answers=ANSWER_WORDS,
        may_answer=may(actor(), "question.answer_report"),
        pager=Pager(found.page, found.pages, lambda page: url_for("reports.mine", page=page)),
    )


@blueprint.get("/new/<int:version_id>")
@requires("question.report")
def write(version_id: int) -> str:
    """Ask what is wrong with a question one has met."""
    line = service.met_question(actor(), version_id, now())
    return _write_page(line, ReportForm(formdata=None))


def _write_page(line: QuestionLine, form: ReportForm) -> str:
    return render_template("reports/write.html", line=line, form=form)


@blueprint.post("/new/<int:version_id>")
@requires("question.report")
def file(version_id: int) -> Any:
    """Keep the report, or show the form again with why not."""
    line, form = service.met_question(actor(), version_id, now()), ReportForm()
    if form.validate_on_submit():

        def act() -> None:
            service.report(actor(), now(), version_id, form.kind.data, form.text.data or "")

        if attempted(form, act):
            flash(gettext("纠错已提交。培训师答复后会通知你。"), "ok")
            return redirect(url_for("reports.mine"))
    return _write_page(line, form), 422


@blueprint.get("")
@requires("question.answer_report")
def index() -> str:
    """Show the questions with open reports, those with the most reporters first."""
    found = queries.reported(_asked_page())
    desk = statistics.filling
    return render_template(
        "reports/index.html",
        found=found,
        figures=desk.of_versions(list(found.lines)) if desk else {},
        least=desk.least if desk else 0,
        pager=Pager(found.page, found.pages, lambda page: url_for("reports.index", page=page)),
    )


@blueprint.get("/questions/<int:question_id>")
@requires("question.answer_report")
def question(question_id: int) -> str:
    """Show all reports about a question and the form to answer the open ones."""
    found = queries.reports_about(question_id)
    ready = [each.id for each in _answerable(found)]
    return _question_page(found, AnswerForm(formdata=None, data={"reports": ready}))


def _answerable(found: list[Report]) -> list[Report]:
    return [each for each in found if each.answer is None and each.person_id != actor()]


def _question_page(found: list[Report], form: AnswerForm) -> str:
    form.offer(_answerable(found))
    lines = version_lines({each.version_id for each in found})
    newest = lines[max(lines)]
    desk = statistics.filling
    named = {each.person_id for each in found} | {each.answered_by for each in found if each.answered_by}
    return render_template(
        "reports/question.html",
        reports=found,
        lines=lines,
        line=newest,
        form=form,
        ticked=set(form.reports.data or ()),
        answerable={each.id for each in _answerable(found)},
        names=people.people(named, local_date(now())),
        kinds=KIND_WORDS,
        answers=ANSWER_WORDS,
        analysis=desk.page_of(newest.version_id) if desk and may(actor(), "statistics.view") else "",
    )


@blueprint.post("/questions/<int:question_id>")
@requires("question.answer_report")
def answer(question_id: int) -> Any:
    """Answer the ticked reports and tell their authors."""
    found, form = queries.reports_about(question_id), AnswerForm()
    form.offer(_answerable(found))
    if form.validate_on_submit():
        for each in found:
            if each.id in form.reports.data:
                demand("question.answer_report", each.person_id)

        def act() -> None:
            done = service.answer(
                actor(), now(), question_id, form.reports.data, form.answer.data, form.text.data or ""
            )
            flash(gettext("已答复%(n)s个纠错，提的人会收到通知。", n=done), "ok")

        if attempted(form, act):
            return redirect(url_for("reports.index"))
    return _question_page(found, form), 422
