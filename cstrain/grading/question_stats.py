"""What answers tell of question versions, for the bank pages: from first attempts with released results.

Facility is the mean share of the marks; discrimination is the correlation of that share with the rest of the
attempt's marks (docs/rules.md 6). Numbers from few answers are withheld: they would say more about the few
people than about the question.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import url_for

from cstrain.grading.analysis import queries
from cstrain.grading.statistics.figure import ITEM_LEAST, Figure
from cstrain.grading.statistics.question_figures import QuestionFigures
from cstrain.questions.slots import QuestionStatistic

LEAST = ITEM_LEAST


class FirstAttempts:
    """Fills the slot of the bank pages."""

    @property
    def least(self) -> int:
        """Below this many answers the numbers are withheld."""
        return LEAST

    def of_versions(self, version_ids: Collection[int]) -> Mapping[int, QuestionStatistic]:
        """Return the statistics of versions; versions without a released answer are left out."""
        return {version: _statistic(found) for version, found in queries.figures_of(version_ids).items()}

    def page_of(self, version_id: int) -> str:
        """Return the address of the page with all figures of a version."""
        return url_for("analysis.question", version_id=version_id)

    def page_of_paper(self, ref: str) -> str:
        """Return the address of the page with all figures of a paper."""
        return url_for("analysis.paper", ref=ref)


def _statistic(found: QuestionFigures) -> QuestionStatistic:
    facility, agrees = found.figures["facility"], found.figures["discrimination"]
    return QuestionStatistic(
        found.n, facility.value, agrees.value, _bounds(facility), _bounds(agrees), found.flags
    )


def _bounds(figure: Figure) -> tuple[float, float] | None:
    return None if figure.low is None or figure.high is None else (figure.low, figure.high)
