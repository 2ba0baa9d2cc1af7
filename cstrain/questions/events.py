"""What questions announce."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cstrain.kernel.events import Signal


@dataclass(frozen=True, slots=True)
class QuestionsCameIn:
    """Versions of questions came into force: from the product's files, an import, or an approved draft."""

    version_ids: Sequence[int]
    at: datetime


questions_came_in: Signal[QuestionsCameIn] = Signal()
