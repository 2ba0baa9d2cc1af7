"""Finding questions: which ones, in which order, and those that are only like what was typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from rapidfuzz import fuzz

from cstrain.extensions import session
from cstrain.questions.library.facts import MOST_AT_ONCE, LibraryPage, TopicChoice, Wanted
from cstrain.questions.library.queries.lines import lines_of
from cstrain.questions.library.queries.narrowing import (
    folded,
    in_order,
    narrowed,
    topics_of,
    with_text,
)
from cstrain.questions.library.rules import least_shared, pairs
from cstrain.questions.models import Question, QuestionText
from cstrain.questions.queries import place_of
from cstrain.questions.slots import QuestionStatistic, Statistics, paper_desk

PAGE_SIZE = 50
FEW = 5
"""Fewer exact finds than this, and those that are only like the text are shown too."""
MOST_LISTED = 1_000
"""As many finds of a text are listed at once; beyond, they are counted and paged by the database."""
MOST_LIKE = 200
_LEAST_LIKE = 50
MOST_JUDGED = 2_000
"""Questions whose statistics a search looks at."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """Questions with a statistic that is told, the lowest facility first; ``flagged`` ones among them."""

    ids: tuple[int, ...]
    flagged: tuple[int, ...]
    cut: bool


def search(
    wanted: Wanted,
    page: int,
    judge: Statistics | None,
    topics: Sequence[TopicChoice] | None = None,
) -> LibraryPage:
    """Return one page of what fits, at most the last one.

    ``judge`` is ``None`` for readers who may not see statistics; then nothing is narrowed or put in order by
    them. ``topics``: those of the bank, if they are known already.
    """
    fitting, cut, ranked = _fitting(wanted, judge, topics)
    text = folded(wanted.text)
    exact = with_text(fitting, text)
    if ranked is not None:
        found = _kept(exact, ranked)
        return _shown(found, len(found), page, cut)
    if text:
        first = list(session().scalars(in_order(exact, wanted.order).limit(MOST_LISTED + 1)))
        if len(first) < FEW:
            like = [each for each in _like(fitting, text) if each not in first]
            return _shown([*first, *like], len(first), page, cut)
        if len(first) <= MOST_LISTED:  # the words have been looked through once, and that is enough
            return _shown(first, len(first), page, cut)
    total = session().scalar(sa.select(sa.func.count()).select_from(exact.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    here = min(max(1, page), pages)
    ids = _page(exact, wanted.order, total, here)
    return LibraryPage(lines_of(ids), total, here, pages, total, False, cut)


def all_ids(wanted: Wanted, judge: Statistics | None) -> tuple[list[int], int]:
    """Return the questions that fit exactly, in order, at most ``MOST_AT_ONCE``, and how many fit in all."""
    fitting, _, ranked = _fitting(wanted, judge, None)
    exact = with_text(fitting, folded(wanted.text))
    if ranked is not None:
        found = _kept(exact, ranked)
        return found[:MOST_AT_ONCE], len(found)
    total = session().scalar(sa.select(sa.func.count()).select_from(exact.subquery())) or 0
    return list(session().scalars(in_order(exact, wanted.order).limit(MOST_AT_ONCE))), total


def _fitting(
    wanted: Wanted, judge: Statistics | None, topics: Collection[TopicChoice] | None
) -> tuple[sa.Select[int], bool, tuple[int, ...] | None]:
    """Return the selection without the text, whether statistics were cut, the order by facility if wanted."""
    if topics is None:
        topics = topics_of(wanted.bank) if wanted.bank and wanted.topic else ()
    fitting = narrowed(wanted, topics)
    if judge is None or not (wanted.use == "flagged" or wanted.sort == "facility"):
        return fitting, False, None
    judged = _judged(with_text(fitting, folded(wanted.text)), judge)
    if wanted.use == "flagged":
        fitting = fitting.where(Question.id.in_(judged.flagged))
    ranked = judged.ids if wanted.sort == "facility" else None
    return fitting, judged.cut, ranked


def _judged(fitting: sa.Select[int], judge: Statistics) -> _Judged:
    """Ask for the statistics of those that were asked most recently, at most ``MOST_JUDGED``."""
    desk = paper_desk.filling
    if desk is None:
        return _Judged((), (), False)
    asked = desk.asked().subquery()
    rows = session().execute(
        sa.select(Question.id, Question.current_version_id)
        .join(asked, asked.c.question_id == Question.id)
        .where(Question.id.in_(fitting), Question.current_version_id.is_not(None))
        .order_by(asked.c.last.desc(), Question.id)
        .limit(MOST_JUDGED + 1)
    )
    versions = {version: question for question, version in rows if version is not None}
    looked_at = list(versions)[:MOST_JUDGED]
    found = judge.of_versions(looked_at)
    told = [
        (each.facility, versions[version]) for version, each in found.items() if each.facility is not None
    ]
    flagged = _flagged(found, versions)
    ranked = tuple(question for _, question in sorted(told))
    return _Judged(ranked, flagged, len(versions) > MOST_JUDGED)


def _flagged(found: Mapping[int, QuestionStatistic], versions: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(versions[version] for version, each in found.items() if each.flags)


def _kept(exact: sa.Select[int], ranked: Sequence[int]) -> list[int]:
    fits = set(session().scalars(exact.where(Question.id.in_(ranked))))
    return [each for each in ranked if each in fits]


def _page(exact: sa.Select[int], order: str, total: int, page: int) -> list[int]:
    """Return the ids of one page; the further half is counted from the end, so that its last page is near."""
    first = (page - 1) * PAGE_SIZE
    size = min(PAGE_SIZE, total - first)
    if first + size <= total // 2 or total <= PAGE_SIZE:
        return list(session().scalars(in_order(exact, order).limit(PAGE_SIZE).offset(first)))
    turned = in_order(exact, order, backwards=True).limit(size).offset(total - first - size)
    return list(session().scalars(turned))[::-1]


def _like(fitting: sa.Select[int], text: str) -> list[int]:
    """Return the questions that share most pairs of signs with a text, put in order by likeness."""
    asked = pairs(text)
    if len(asked) < 2:
        return []
    shared = sum((sa.case((place_of(pair) > 0, 1), else_=0) for pair in asked), sa.literal(0))
    counted = (
        fitting.join(QuestionText, QuestionText.question_id == Question.id)
        .add_columns(shared.label("shared"))
        .subquery()
    )
    best = (
        sa.select(counted.c.id, QuestionText.words)
        .join(QuestionText, QuestionText.question_id == counted.c.id)
        .where(counted.c.shared >= least_shared(len(asked)))
        .order_by(counted.c.shared.desc(), counted.c.id.desc())
        .limit(MOST_LIKE)
    )
    scored = [
        (fuzz.partial_ratio(text, words, score_cutoff=_LEAST_LIKE), question)
        for question, words in session().execute(best)
    ]
    return [question for score, question in sorted(scored, key=lambda each: -each[0]) if score]


def _shown(ids: Sequence[int], exact: int, page: int, cut: bool) -> LibraryPage:
    pages = max(1, -(-len(ids) // PAGE_SIZE))
    here = min(max(1, page), pages)
    shown = ids[(here - 1) * PAGE_SIZE : here * PAGE_SIZE]
    return LibraryPage(lines_of(shown), len(ids), here, pages, exact, len(ids) > exact, cut)
