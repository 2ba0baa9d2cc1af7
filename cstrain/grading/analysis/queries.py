"""Reading what is analysed: a fixed number of queries, however many attempts there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from flask import current_app

from cstrain.exams import queries as exams
from cstrain.exams.facts import AskedSlot, FirstAttempt, PaperFacts, Place
from cstrain.extensions import local_date, session
from cstrain.grading.analysis.facts import (
    PaperAnalysis,
    PaperCount,
    QuestionAnalysis,
    QuestionRow,
    Released,
    SlotScore,
    Wanted,
)
from cstrain.grading.analysis.rules import (
    THOUSAND,
    option_labels,
    overlap_of,
    paper_figures,
    version_figures,
)
from cstrain.grading.models import Release, Result
from cstrain.grading.statistics.exposure import exposure
from cstrain.grading.statistics.figure import ITEM_LEAST, Figure, figure
from cstrain.grading.statistics.intervals import wilson
from cstrain.grading.statistics.question_figures import QuestionFigures
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import AttemptId
from cstrain.questions.queries import current_versions, keyed_versions, version_lines
from cstrain.questions.slots import FLAGS

_MOST_IDS = 10_000
_MEMORY = "cstrain.flagged"


def released(attempt_ids: Collection[int]) -> dict[int, Released]:
    """Return the results that count of those attempts whose results are released. One query."""
    shown = sa.select(Release.attempt_id).where(Release.released_at.is_not(None))
    return _scored(attempt_ids, Result.attempt_id.in_(shown))


def marked(attempt_ids: Collection[int]) -> dict[int, Released]:
    """Return the results that count of these attempts, released or not, for figures that name nobody."""
    return _scored(attempt_ids, sa.true())


def _scored(attempt_ids: Collection[int], condition: sa.ColumnElement[bool]) -> dict[int, Released]:
    asked = set(attempt_ids)
    statement = (
        sa.select(Result.attempt_id, Result.raw, Result.marks)
        .where(condition)
        .order_by(Result.attempt_id, Result.number)
    )
    if len(asked) <= _MOST_IDS:
        statement = statement.where(Result.attempt_id.in_(asked))
    return {
        attempt: Released(AttemptId(attempt), _thousandths(raw), _slots(marks))
        for attempt, raw, marks in session().execute(statement)
        if attempt in asked
    }


def _slots(marks: Sequence[Mapping[str, Any]]) -> dict[int, SlotScore]:
    return {mark["slot"]: SlotScore(_thousandths(mark["earned"]), _thousandths(mark["of"])) for mark in marks}


def _thousandths(mark: Decimal | str) -> int:
    return int(Decimal(mark) * THOUSAND)


def released_totals(ref: str, paper_id: int) -> list[Fraction]:
    """Return the released marks of first attempts at an edition of a paper. Two queries."""
    mine = [each.id for each in exams.first_attempts(ref) if each.paper_id == paper_id]
    return [Fraction(result.raw, THOUSAND) for result in released(mine).values()]


def paper_counts() -> list[PaperCount]:
    """Return every paper in its newest edition with its released first attempts, most first."""
    newest = {paper.ref: paper for paper in exams.papers()}
    found = exams.first_attempts()
    shown = _released_ids()
    counts = dict.fromkeys(newest, 0)
    for each in found:
        counts[each.paper_ref] = counts.get(each.paper_ref, 0) + (each.id in shown)
    return sorted(
        (PaperCount(paper, counts[ref]) for ref, paper in newest.items()),
        key=lambda each: (-each.released, each.paper.ref),
    )


def _released_ids() -> set[int]:
    return set(session().scalars(sa.select(Release.attempt_id).where(Release.released_at.is_not(None))))


def paper_analysis(ref: str, wanted: Wanted, at: datetime) -> PaperAnalysis:
    """Analyse an edition of a paper (without a wish the newest that was sat); raises ``NotFoundError``."""
    papers = {paper.edition: paper for paper in exams.papers() if paper.ref == ref}
    if not papers:
        raise NotFoundError("没有找到这份试卷。请回到试卷列表里选一份。")
    every = exams.first_attempts(ref)
    paper = _edition(papers, every, wanted)
    mine = [each for each in _narrowed(every, wanted, at) if each.paper_id == paper.id]
    results = released([each.id for each in mine])
    places = [place for place in exams.places([each.id for each in mine]) if place.attempt_id in results]
    forms, uses = exams.administrations(ref)
    sections = {place.slot: place.section for place in places}
    return PaperAnalysis(
        paper=paper,
        editions=tuple(sorted(papers, reverse=True)),
        submitted=len(mine),
        analysis=paper_figures(list(results.values()), Fraction(paper.pass_mark)),
        sections=tuple(sections[slot] for slot in sorted(sections)),
        questions=_question_rows(places, results, forms, uses),
        forms=forms,
        overlap=overlap_of(places),
    )


def _edition(
    papers: Mapping[int, PaperFacts], attempts: Sequence[FirstAttempt], wanted: Wanted
) -> PaperFacts:
    """Return the edition asked for, else the newest that somebody sat, else the newest."""
    if wanted.edition is not None and wanted.edition in papers:
        return papers[wanted.edition]
    sat = {each.paper_id for each in attempts}
    return papers[max([number for number, paper in papers.items() if paper.id in sat] or papers)]


def _narrowed(attempts: Sequence[FirstAttempt], wanted: Wanted, at: datetime) -> list[FirstAttempt]:
    """Return the attempts handed in within the days asked for, by people of the group asked for."""
    group = None
    if wanted.group:
        groups = {each.key: each.people for each in exams.people_groups(local_date(at))}
        group = set(groups.get(wanted.group, ()))
    found = []
    for each in attempts:
        day = local_date(each.submitted_at)
        early = wanted.since is not None and day < wanted.since
        late = wanted.until is not None and day > wanted.until
        if not (early or late) and (group is None or each.person_id in group):
            found.append(each)
    return found


def _question_rows(
    places: Sequence[Place], results: Mapping[int, Released], forms: int, uses: Mapping[int, int]
) -> tuple[QuestionRow, ...]:
    """Return the versions that stood in these attempts: those to look at first, the rest by reference."""
    stood: dict[int, list[tuple[Released, int]]] = {}
    for place in places:
        stood.setdefault(place.version_id, []).append((results[place.attempt_id], place.slot))
    lines = version_lines(stood)
    figures = _figures(stood)
    rows = [
        QuestionRow(
            line,
            figures[version],
            uses.get(line.id, 0),
            _exposure(uses.get(line.id, 0), forms),
        )
        for version, line in lines.items()
    ]
    return tuple(sorted(rows, key=lambda row: (_gravity(row.figures.flags), row.line.bank, row.line.ref)))


def _exposure(uses: int, forms: int) -> Figure:
    return figure(forms, ITEM_LEAST, lambda: exposure(uses, forms), lambda share: wilson(share, forms))


def _gravity(flags: Sequence[str]) -> int:
    return FLAGS.index(flags[0]) if flags else len(FLAGS)


def _figures(stood: Mapping[int, Sequence[tuple[Released, int]]]) -> dict[int, QuestionFigures]:
    """Return the figures of versions from the results where they stood, with their options. Two queries.

    Keys and answers are read of versions with enough answers only: of others no table is shown.
    """
    enough = [version for version, results in stood.items() if len(results) >= ITEM_LEAST]
    keyed = keyed_versions(enough)
    answers = {(int(each.attempt_id), each.slot): each for each in exams.given_answers(enough)}
    return {
        version: version_figures(str(version), results, keyed.get(version), answers)
        for version, results in stood.items()
    }


def figures_of(version_ids: Collection[int]) -> dict[int, QuestionFigures]:
    """Return the figures of versions over all papers; versions without a released answer are left out."""
    return _figures(_stood(exams.first_asked(version_ids)))


def _stood(asked: Sequence[AskedSlot]) -> dict[int, list[tuple[Released, int]]]:
    results = released({each.attempt_id for each in asked})
    stood: dict[int, list[tuple[Released, int]]] = {}
    for each in asked:
        if each.attempt_id in results:
            stood.setdefault(each.version_id, []).append((results[each.attempt_id], each.slot))
    return stood


def question_analysis(version_id: int) -> QuestionAnalysis:
    """Analyse one version over all papers; raises ``NotFoundError``."""
    line = version_lines([version_id]).get(version_id)
    if line is None:
        raise NotFoundError("没有找到这道题。它可能已经换了编号，请回到题库里查找。")
    figures = figures_of([version_id]).get(version_id) or version_figures(str(version_id), [])
    labels = option_labels(keyed_versions([version_id])[version_id])
    return QuestionAnalysis(line, bool(current_versions([version_id])), figures, labels)


def flagged() -> dict[int, tuple[str, ...]]:
    """Return what should be looked at among the questions drawn today: flags by version id.

    Worked out again only when a result or a release was added or an attempt voided: the home of a trainer
    asks each time it is opened.
    """
    state = _state()
    memory: dict[str, Any] = current_app.extensions.setdefault(_MEMORY, {})
    if memory.get("state") != state:
        found = figures_of(exams.often_asked(ITEM_LEAST))
        flags = {version: each.flags for version, each in found.items() if each.flags}
        current_app.extensions[_MEMORY] = memory = {"state": state, "flags": flags}
    drawn = current_versions(memory["flags"])
    return {version: flags for version, flags in memory["flags"].items() if version in drawn}


def _state() -> tuple[object, ...]:
    """Return what changes whenever a figure may change."""
    results = session().execute(sa.select(sa.func.count(), sa.func.max(Result.id))).one()
    shown = sa.select(sa.func.count()).select_from(Release).where(Release.released_at.is_not(None))
    return (*results, session().scalar(shown), exams.attempts_voided())
