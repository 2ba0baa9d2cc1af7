"""One process's hold on an import: signs of life, and the end of the hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.questions.intake.models import ImportBatch
from cstrain.unit_of_work import locked, unit_of_work

Clock = Callable[[], datetime]


class LostError(Exception):
    """The import was cancelled, or somebody else took it up: what was worked out is thrown away."""


@dataclass(frozen=True, slots=True)
class Work:
    """An import that ``worker`` holds in a state."""

    batch_id: int
    worker: str
    clock: Clock

    def tell(self, done: int, total: int) -> None:
        """Give a sign of life with the progress, in a unit of its own; raises ``LostError``."""
        with unit_of_work():
            told = session().execute(
                sa.update(ImportBatch)
                .where(ImportBatch.id == self.batch_id, ImportBatch.worker == self.worker)
                .values(done=done, total=total, seen_at=self.clock())
                .returning(ImportBatch.id)
            )
            if told.scalar_one_or_none() is None:
                raise LostError

    def held(self) -> ImportBatch:
        """Return the import, locked, for the unit that ends the work; raises ``LostError``."""
        asked = sa.select(ImportBatch).where(
            ImportBatch.id == self.batch_id, ImportBatch.worker == self.worker
        )
        row = session().scalar(locked(asked))
        if row is None:
            raise LostError
        return row
