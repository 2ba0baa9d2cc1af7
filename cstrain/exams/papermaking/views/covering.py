"""The coverage map of a bank: lessons and topics beside questions, and what to write next for papers."""

from __future__ import annotations

from flask import render_template, request

from cstrain.access import requires
from cstrain.exams.papermaking import queries
from cstrain.exams.papermaking.views.base import blueprint, today
from cstrain.exams.policy import PaperSpec
from cstrain.lessons.queries import ordered_headings
from cstrain.questions import queries as questions
from cstrain.questions.coverage.facts import AskingPaper, shade
from cstrain.questions.coverage.queries import coverage_map, wishes

_MOST_WISHES = 40


@blueprint.get("/bank-coverage/<name>")
@requires("bank.view")
def bank_coverage(name: str) -> str:
    """Show of which lessons and topics a bank asks how much, and what papers lack."""
    facts = questions.bank(name)
    titles = questions.all_topic_titles()
    headed = ordered_headings()
    pages = {ref: found for ref, (_title, found) in headed.items()}
    specs = [spec for spec in queries.specs_to_sit(today()) if name in spec.banks]
    return render_template(
        "papermaking/coverage.html",
        bank=facts,
        every=questions.banks(),
        found=coverage_map(name, pages),
        lessons={ref: title for ref, (title, _found) in headed.items()},
        topics=titles,
        wanted=wishes(_asking(spec) for spec in specs)[:_MOST_WISHES],
        shade=shade,
        only_empty=request.args.get("only") == "empty",
    )


def _asking(spec: PaperSpec) -> AskingPaper:
    return AskingPaper(spec.ref, spec.title, spec.disjoint, tuple(cell.cell for cell in spec.cells))
