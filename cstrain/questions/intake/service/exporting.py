"""A bank as a file, with what the format cannot hold named question by question."""

from __future__ import annotations

from dataclasses import dataclass

from cstrain.audit.service import record
from cstrain.kernel.ids import PersonId
from cstrain.questions.exchange.contract import ExchangeFormat, ItemFault, Written
from cstrain.questions.exchange.exporting import written
from cstrain.questions.intake.queries import bank_drafts


@dataclass(frozen=True, slots=True)
class Exported:
    """A written file: how many questions it was made of, how many of them wait for review, what is lost."""

    file: Written
    questions: int
    waiting: int
    lost: tuple[ItemFault, ...]


def export(name: str, title: str, kind: type[ExchangeFormat], *, active_only: bool) -> Exported:
    """Return a bank as a file; unless ``active_only`` with the questions that wait for their first review."""
    active, waiting = bank_drafts(name)
    drafts = active.drafts if active_only else (*active.drafts, *waiting)
    file = written(kind, title, drafts)
    lost = (*active.left_out, *file.lost)
    return Exported(file, len(drafts), 0 if active_only else len(waiting), lost)


def note_export(name: str, kind: str, questions: int, by: PersonId | None) -> None:
    """Record who took a bank's questions out, answers included."""
    record(by, "bank.exported", f"bank:{name}", format=kind, questions=questions)
