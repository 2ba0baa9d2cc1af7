"""Pages of analysis for trainers: papers, one paper, one question, exports. Nobody is named in them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from cstrain.access import actor, may, requires
from cstrain.documents.tables import write_csv, write_xlsx
from cstrain.exams import queries as exams
from cstrain.extensions import local_date, now
from cstrain.grading.analysis import presenting, queries
from cstrain.grading.analysis.facts import PaperAnalysis, QuestionAnalysis
from cstrain.grading.analysis.forms import NarrowForm
from cstrain.grading.statistics.consistency import ACCURACY_WANTED, CONSISTENCY_WANTED
from cstrain.grading.statistics.figure import ITEM_LEAST, TEST_LEAST
from cstrain.questions.slots import guarded, paper_desk
from cstrain.ui.charts import Bar
from cstrain.ui.filters import percent

blueprint = Blueprint("analysis", __name__, url_prefix="/analysis")
blueprints = [blueprint]

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class OptionLine:
    """An option as the page shows it; ``key`` is ``None`` where the reader is not told."""

    label: str
    key: bool | None
    n: int
    share: float
    rest: float | None
    upper: float
    middle: float
    lower: float


@blueprint.get("")
@requires("statistics.view")
def papers() -> str:
    """Show every paper with how many released first attempts there are to analyse."""
    return render_template("grading/analysis_papers.html", papers=queries.paper_counts(), least=TEST_LEAST)


def _narrowed(ref: str) -> tuple[NarrowForm, PaperAnalysis]:
    """Return the form as it was sent and the analysis it asks for."""
    form = NarrowForm(request.args)
    groups = [(each.key, each.title) for each in exams.people_groups(local_date(now()))]
    form.offer([], groups)
    found = queries.paper_analysis(ref, form.wanted(), now())
    form.offer(found.editions, groups)
    form.edition.data = str(found.paper.edition)
    return form, found


@blueprint.get("/<ref>")
@requires("statistics.view")
def paper(ref: str) -> str:
    """Show a paper's figures, its marks, and its questions with what should be looked at."""
    form, found = _narrowed(ref)
    analysis = found.analysis
    across, up, good = presenting.axes()
    enough = analysis.complete >= ITEM_LEAST
    return render_template(
        "grading/analysis_paper.html",
        form=form,
        found=found,
        kept={name: value for name, value in request.args.items() if value},
        figures=presenting.lines({**analysis.figures, "overlap": found.overlap}),
        classes=presenting.mark_classes(analysis.totals, found.paper.pass_mark) if enough else None,
        dots=presenting.dots(found.questions),
        across=across,
        up=up,
        good=good,
        line=presenting.line,
        flag_words=presenting.flag_words,
        wanted={"accuracy": ACCURACY_WANTED, "consistency": CONSISTENCY_WANTED},
        least={"item": ITEM_LEAST, "test": TEST_LEAST},
    )


@blueprint.get("/<ref>/table.<any(xlsx, csv):kind>")
@requires("statistics.view")
def table(ref: str, kind: str) -> Response:
    """Download every figure of a paper as it is narrowed; cells are text or numbers, never formulas."""
    _form, found = _narrowed(ref)
    rows = presenting.export_rows(found)
    body = write_xlsx(rows, "分析") if kind == "xlsx" else write_csv(rows)
    mimetype = _XLSX if kind == "xlsx" else "text/csv; charset=utf-8"
    name = f"analysis-{found.paper.ref}-{found.paper.edition}.{kind}"
    return Response(
        body, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@blueprint.get("/questions/<int:version_id>")
@requires("statistics.view")
def question(version_id: int) -> str:
    """Show a question's figures over all papers, and who chose which option."""
    found = queries.question_analysis(version_id)
    closed = _closed(found)
    options = [] if closed and may(actor(), "programme.follow") else _options(found, closed=closed)
    return render_template(
        "grading/analysis_question.html",
        found=found,
        closed=closed,
        options=options,
        bars=[Bar(each.label, each.share, percent(each.share)) for each in options],
        figures=presenting.lines(found.figures.figures),
        flags=presenting.flag_words(found.figures.flags),
        may_rekey=may(actor(), "key.change"),
        least={"item": ITEM_LEAST, "test": TEST_LEAST},
    )


def _closed(found: QuestionAnalysis) -> bool:
    """Tell whether keys of the question's bank are only shown on demand, which is recorded."""
    desk = paper_desk.filling
    return guarded(found.line.bank, desk.lines(now()) if desk else None)


def _options(found: QuestionAnalysis, *, closed: bool) -> list[OptionLine]:
    return [
        OptionLine(
            presenting.option_label(row, found.labels),
            None if closed else row.key,
            row.n,
            row.share,
            row.rest,
            row.upper,
            row.middle,
            row.lower,
        )
        for row in found.figures.options
    ]
