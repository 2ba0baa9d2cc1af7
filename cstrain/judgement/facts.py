"""The facts a judgement is made on. ``None`` means unknown: it is never read as no, nor as zero."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PaperMark:
    """A released mark at a paper (raw marks decide). ``ref`` names the attempt; a resit is a later one."""

    paper_ref: str
    ref: str
    title: str
    raw: Decimal
    pass_mark: Decimal
    on: date
    resit: bool = False

    @property
    def passed(self) -> bool:
        """Tell whether the raw mark reaches the pass mark."""
        return self.raw >= self.pass_mark


@dataclass(frozen=True, slots=True)
class SignedDays:
    """Programme days signed so far, how many of them late, and the mean work state (1–5) if any."""

    signed: int
    late: int
    of: int
    mean_state: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """A violation of the rules on record."""

    ref: str
    label: str


@dataclass(frozen=True, slots=True)
class Endorsement:
    """Somebody's rating (1–5) of a quality that no number shows, with a note."""

    topic: str
    ref: str
    by: str
    rating: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known of one person on one day; a field that nobody could fill stays ``None``."""

    papers: tuple[PaperMark, ...] | None = None
    days: SignedDays | None = None
    violations: tuple[Violation, ...] | None = None
    endorsements: tuple[Endorsement, ...] | None = None
