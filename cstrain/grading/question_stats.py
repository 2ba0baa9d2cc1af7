"""Item statistics of question versions, from first attempts whose results are released.

Facility is the mean share of the marks; discrimination is the correlation of that share with the rest of the
attempt's marks (docs/rules.md 2, without the factor 100). Numbers from fewer than ``LEAST`` answers are
withheld: they would say more about the few people than about the question.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from statistics import StatisticsError, correlation, fmean

import sqlalchemy as sa

from cstrain.exams import queries as exams
from cstrain.extensions import session
from cstrain.grading.models import Release, Result
from cstrain.questions.slots import QuestionStatistic

LEAST = 10


class FirstAttempts:
    """Fills the slot of the bank pages."""

    @property
    def least(self) -> int:
        """Below this many answers the numbers are withheld."""
        return LEAST

    def of_versions(self, version_ids: Collection[int]) -> Mapping[int, QuestionStatistic]:
        """Return the statistics of versions; versions without a released answer are left out. Two queries."""
        asked = exams.first_asked(version_ids)
        results = _released({each.attempt_id for each in asked})
        answers: dict[int, list[tuple[float, float]]] = {}
        for each in asked:
            if each.attempt_id in results:
                pair = _share_and_rest(results[each.attempt_id], each.slot)
                answers.setdefault(each.version_id, []).append(pair)
        return {version: statistic(pairs) for version, pairs in answers.items()}


def _released(attempt_ids: Collection[int]) -> dict[int, Result]:
    """Return the result that counts of each released attempt."""
    rows = session().scalars(
        sa.select(Result)
        .join(Release, Release.attempt_id == Result.attempt_id)
        .where(Result.attempt_id.in_(attempt_ids), Release.released_at.is_not(None))
        .order_by(Result.attempt_id, Result.number)
    )
    return {row.attempt_id: row for row in rows}


def _share_and_rest(result: Result, slot: int) -> tuple[float, float]:
    mark = next(mark for mark in result.marks if mark["slot"] == slot)
    earned, of = Decimal(mark["earned"]), Decimal(mark["of"])
    return float(earned / of), float(result.raw - earned)


def statistic(pairs: Sequence[tuple[float, float]]) -> QuestionStatistic:
    """Return the statistic of answers given as (share of the marks, rest of the attempt's marks)."""
    if len(pairs) < LEAST:
        return QuestionStatistic(len(pairs), None, None)
    shares, rests = [share for share, _ in pairs], [rest for _, rest in pairs]
    try:
        agrees = correlation(shares, rests)
    except StatisticsError:  # everybody earned the same: not defined
        agrees = None
    return QuestionStatistic(len(pairs), fmean(shares), agrees)
