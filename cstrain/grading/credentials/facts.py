"""What pages and other packages see of credentials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from cstrain.kernel.finding import State
from cstrain.kernel.ids import PersonId


class Standing(StrEnum):
    """Whether a credential can be relied upon today."""

    VALID = "valid"
    LAPSED = "lapsed"
    REVOKED = "revoked"


FORMER, ELSEWHERE = "former_department", "elsewhere"
SOURCES = (FORMER, ELSEWHERE)
"""Where a result entered by hand comes from: the department the person worked in before, or elsewhere."""

RESULT, OUTSIDE, EXEMPTION = "result", "outside", "exemption"
"""What a credential, an exemption or a certificate rests on: an attempt, an entry, an exemption."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A pass of a paper: released here (``origin`` result, ``ref`` the attempt) or entered (outside).

    ``valid_until`` is the last day; ``None``: it never lapses. ``revoked`` ones were passes once.
    """

    person_id: PersonId
    paper_ref: str
    title: str
    origin: str
    ref: int
    raw: Decimal
    shown: Decimal
    exam_on: date
    valid_until: date | None
    standing: Standing
    certificate: bool


@dataclass(frozen=True, slots=True)
class OutsideFacts:
    """A result entered by hand. ``state``: waiting, confirmed, refused, or taken_back after that.

    ``about_id``: this entry takes back that one.
    """

    id: int
    person_id: PersonId
    paper_ref: str
    title: str
    mark: Decimal
    exam_on: date
    source: str
    department: str
    evidence: str
    about_id: int | None
    state: str
    recorded_by: PersonId
    recorded_at: datetime
    decided_by: PersonId | None
    decided_at: datetime | None
    refused_why: str


@dataclass(frozen=True, slots=True)
class Basis:
    """A result an exemption may rest on. ``settled``: confirmed by a second person; ``former``: from the
    former department, ``None`` when nobody knows."""

    kind: str
    ref: int
    raw: Decimal
    exam_on: date
    department: str
    former: bool | None
    settled: bool


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of an exemption: ``kind`` is paper, settled, department, mark or date."""

    kind: str
    state: State


@dataclass(frozen=True, slots=True)
class ExemptionFinding:
    """What the rule says of an application: the conditions, on which result, and the days it may lie on."""

    state: State
    checks: tuple[Check, ...]
    basis: Basis | None
    above: Decimal | None
    first_day: date | None
    last_day: date


@dataclass(frozen=True, slots=True)
class ExemptionFacts:
    """An application not to sit a paper. ``state``: waiting, granted, refused, withdrawn, lapsed (granted,
    but its last day, ``until``, is past), or fallen: granted, but the result it rests on no longer stands."""

    id: int
    person_id: PersonId
    paper_ref: str
    title: str
    asked_on: date
    asked_at: datetime
    wish: str
    state: str
    until: date | None
    decided_by: PersonId | None
    decided_at: datetime | None
    reason: str
    finding: ExemptionFinding | None


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A certificate of a paper, or of merit (``kind`` award); ``code`` is what verifies it."""

    id: int
    code: str
    person_id: PersonId
    kind: str
    subject: str
    title: str
    mark: Decimal | None
    exam_on: date
    valid_until: date | None
    issued_at: datetime
    standing: Standing
    basis: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """What the public may know of a certificate: a name half hidden, what for, when, its standing."""

    name: str
    kind: str
    title: str
    passed_on: date
    valid_until: date | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class AwardPart:
    """One paper of a certificate of merit: how it is met (result or exemption), or ``None``."""

    paper_ref: str
    title: str
    met_by: str | None
    ref: int | None


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """A certificate of merit as it stands for somebody."""

    ref: str
    title: str
    parts: tuple[AwardPart, ...]

    @property
    def earned(self) -> bool:
        """Every paper is passed or exempted."""
        return all(part.met_by is not None for part in self.parts)

    @property
    def begun(self) -> bool:
        """At least one paper is."""
        return any(part.met_by is not None for part in self.parts)
