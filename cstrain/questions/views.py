"""Pages for trainers: banks, questions, papers, weak questions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import ForbiddenError, NotFoundError
from cstrain.lessons.queries import headings, source_links
from cstrain.people.queries import people
from cstrain.policies.yaml_source import Fault
from cstrain.questions import queries, service
from cstrain.questions.authoring.bank_queries import standing
from cstrain.questions.authoring.question_desk import question_desk
from cstrain.questions.bank_source import MOST_BYTES
from cstrain.questions.facts import PoolQuestion, QuestionSheet
from cstrain.questions.forms import DIFFICULTY_LABELS, TYPE_LABELS, SeedForm, TrialForm
from cstrain.questions.library.queries import last_asked, papers_drawing
from cstrain.questions.library.views.searching import search_page
from cstrain.questions.overview import overviews, weakest
from cstrain.questions.reports.queries import reports_about
from cstrain.questions.shipped_check import check_path
from cstrain.questions.slots import PaperLine, guarded, paper_desk, paper_rules, statistics
from cstrain.questions.sources.queries import flagged
from cstrain.questions.trial import MOST_SHOWN, try_out
from cstrain.ui.charts import Bar
from cstrain.ui.forms import whole
from cstrain.unit_of_work import own_transaction

blueprint = Blueprint("questions", __name__)
blueprints = [blueprint]

_WEAK_MOST = 100


@blueprint.context_processor
def _helpers() -> dict[str, Any]:
    """Give this blueprint's templates the words for types and difficulties, and what their macros need."""
    return {
        "type_labels": TYPE_LABELS,
        "difficulty_labels": DIFFICULTY_LABELS,
        "bars": lambda sizes, labels: [Bar(str(labels.get(kind, kind)), size) for kind, size in sizes],
        "can": lambda permission: may(actor(), permission),
    }


@cache
def _shipped_faults() -> tuple[Fault, ...]:
    """Return what the bank check says of the shipped files; they do not change while the server runs."""
    return check_path(None).faults


def _papers() -> Sequence[PaperLine]:
    desk = paper_desk.filling
    return desk.lines(now()) if desk else ()


def _lost_sources() -> dict[str, int]:
    """Return the sources that lead to no heading any more, with the number of questions that name them."""
    known = headings()
    return {
        source: count
        for source, count in queries.source_names().items()
        if source.partition("#")[2] not in known.get(source.partition("#")[0], frozenset())
    }


@blueprint.get("/banks")
@requires("bank.view")
def banks() -> str:
    """Show all banks in numbers, how deep they are for each paper, what the bank check found."""
    faults = _shipped_faults()
    found = overviews(
        queries.banks(), queries.question_counts(), queries.all_topic_titles(), _papers(), faults
    )
    return render_template("questions/banks.html", banks=found, faults=faults, lost=_lost_sources())


@blueprint.get("/banks/<name>")
@requires("bank.view")
def bank(name: str) -> str:
    """Show the questions of a bank, narrowed and paged."""
    return search_page(queries.bank(name))


def _page_of(version_id: int) -> str | None:
    """Return the address of the page with all figures of a version."""
    filling = statistics.filling
    return filling.page_of(version_id) if filling else None


def _paper_page(ref: str) -> str | None:
    """Return the address of the page with all figures of a paper, for readers who may see them."""
    filling = statistics.filling
    return filling.page_of_paper(ref) if filling and may(actor(), "statistics.view") else None


def _statistics(version_ids: Sequence[int]) -> Any:
    """Return the statistics of versions, ``None`` for a reader who may not see them."""
    filling = statistics.filling
    if filling is None or not may(actor(), "statistics.view"):
        return None
    return filling.of_versions(version_ids)


@blueprint.get("/banks/<name>/<ref>")
@requires("bank.view")
def question(name: str, ref: str) -> Any:
    """Show a question as a candidate sees it; its key too where the bank is not closed.

    A question that has never been in use leads to its draft.
    """
    found = standing(name, ref)
    if found.draft is not None and not found.has_version and may(actor(), "bank.review"):
        return redirect(url_for("authoring.draft", draft_id=found.draft.id))
    sheet = queries.question_sheet(name, ref)
    closed = guarded(name, _papers())
    return _question_page(sheet, closed=closed, with_key=not closed)


@blueprint.post("/banks/<name>/<ref>/key")
@requires("bank.view_keys")
def show_key(name: str, ref: str) -> str:
    """Show a question of a closed bank with its key; who looked is recorded."""
    sheet = queries.question_sheet(name, ref)
    if may(actor(), "programme.follow"):
        raise ForbiddenError("你还在试用期，要考这份题库的卷，不能看答案。请让另一位培训师来看。")
    service.note_key_seen(actor(), name, ref)
    return _question_page(sheet, closed=True, with_key=True)


def _question_page(sheet: QuestionSheet, *, closed: bool, with_key: bool) -> str:
    current = sheet.current
    desk, found = paper_desk.filling, _statistics([current.id])
    statistic = found.get(current.id) if found else None
    older, newer = (request.args.get(end, 0, type=whole) for end in ("older", "newer"))
    work = question_desk(sheet, older, newer, with_key=with_key)
    return render_template(
        "questions/question.html",
        **work,
        names=people(work["people_ids"], local_date(now())),
        reports=_reports(sheet.line.id),
        outdated=sheet.line.id in flagged([sheet.line.id]) if may(actor(), "rule_change.view") else False,
        sheet=sheet,
        key=queries.key_of(current.id) if with_key else None,
        closed=closed,
        may_see_key=may(actor(), "bank.view_keys"),
        source=source_links([current.source]).get(current.source),
        usage=desk.usage([sheet.line.id]).get(sheet.line.id, 0) if desk else None,
        shows_statistic=found is not None,
        statistic=statistic,
        flags=statistic.flags if statistic else (),
        use_papers=papers_drawing([sheet.line], now())[sheet.line.id],
        use_last=last_asked(sheet.line.id),
        analysis=_page_of(current.id) if found is not None else None,
        least=statistics.filling.least if statistics.filling else 0,
    )


def _reports(question_id: int) -> int:
    """Return how many reports candidates made about a question, for those who answer them."""
    if not may(actor(), "question.answer_report"):
        return 0
    try:
        return len(reports_about(question_id))
    except NotFoundError:
        return 0


@blueprint.get("/banks/<name>/<ref>/preview")
@requires("bank.view")
def preview(name: str, ref: str) -> str:
    """Show a question on a page like the player's; nothing is kept or sent, and there is no key."""
    return render_template("questions/preview.html", sheet=queries.question_sheet(name, ref))


@blueprint.get("/question-trial")
@requires("bank.view")
def trial() -> str:
    """Ask for questions that somebody has written, to try them before they are brought in."""
    return render_template("questions/trial.html", form=TrialForm(formdata=None), trial=None)


@blueprint.post("/question-trial")
@requires("bank.view")
@own_transaction
def try_questions() -> Any:
    """Show what was written as candidates would see it, with its faults; nothing is stored."""
    form = TrialForm()
    upload = form.file.data
    raw = upload.read(MOST_BYTES + 1) if upload else (form.text.data or "").encode()
    if not form.validate() or not raw.strip():
        form.text.errors = [gettext("没有内容：请粘贴题目，或者选一个文件。")]
        return render_template("questions/trial.html", form=form, trial=None), 422
    name = upload.filename if upload and upload.filename else gettext("粘贴的内容")
    if upload:
        form.text.data = raw[:MOST_BYTES].decode("utf-8-sig", "replace")
    tried = try_out(raw, name, headings())
    return render_template("questions/trial.html", form=form, trial=tried, most=MOST_SHOWN)


@blueprint.get("/papers")
@requires("paper.view")
def papers() -> str:
    """Show the papers in force and how many disjoint forms each bank allows."""
    return render_template(
        "questions/papers.html",
        papers=_papers(),
        titles={each.name: each.title for each in queries.banks()},
        topics=queries.all_topic_titles(),
    )


@blueprint.get("/papers/<ref>")
@requires("paper.view")
def paper(ref: str) -> str:
    """Show a paper's blueprint, cell by cell, with what the bank holds."""
    sheet = _desk().sheet(ref, now())
    return render_template(
        "questions/paper.html",
        sheet=sheet,
        bank=queries.bank(sheet.line.bank),
        topics=queries.topic_titles(sheet.line.bank),
        form=SeedForm(),
        analysis=_paper_page(ref),
        more=paper_rules.filling.lines(ref) if paper_rules.filling else (),
    )


@blueprint.get("/papers/<ref>/form")
@requires("paper.view")
def paper_form(ref: str) -> str:
    """Show a form of a paper drawn from a seed, as a candidate would see it; nothing is written."""
    form = SeedForm(request.args)
    seed = form.seed.data if form.validate() and form.seed.data else 1
    desk = _desk()
    slots = desk.form(ref, seed, now())
    drawn: list[PoolQuestion] = [slot.question for slot in slots]
    return render_template(
        "questions/paper_form.html",
        sheet=desk.sheet(ref, now()),
        seed=seed,
        form=form,
        slots=slots,
        versions=queries.public_versions([each.version_id for each in drawn]),
        mean=sum(each.difficulty for each in drawn) / len(drawn),
    )


def _desk() -> Any:
    """Return the paper desk; the pages of papers exist only where one is there."""
    desk = paper_desk.filling
    if desk is None:
        raise RuntimeError("no package fills the paper desk")
    return desk


@blueprint.get("/weak-questions")
@requires("statistics.view")
def weak() -> str:
    """Show the questions whose answers say that they should be looked at."""
    chosen = request.args.get("bank", "")
    every = queries.banks()
    name = chosen if chosen in {each.name for each in every} else None
    lines = queries.active_lines(name)
    found = _statistics([line.version_id for line in lines]) or {}
    listed = weakest(lines, found)
    return render_template(
        "questions/weak.html",
        banks=every,
        chosen=name,
        listed=listed[:_WEAK_MOST],
        page_of=statistics.filling.page_of if statistics.filling else None,
        total=len(listed),
        judged=sum(each.facility is not None for each in found.values()),
        withheld=len(lines) - sum(each.facility is not None for each in found.values()),
        least=statistics.filling.least if statistics.filling else 0,
    )
