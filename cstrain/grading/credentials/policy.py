"""The chapter of credentials: validity, re-sits, exemption, certificates, by paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Chapter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExemptionPolicy(_Chapter):
    """When a paper need not be sat (docs/rules.md 2): a result of the former department above a mark.

    ``above`` is exclusive; ``months`` are calendar months back from the day of application, the boundary day
    included; the exemption counts for sittings up to ``counts_months`` after that day.
    """

    above: Decimal = Field(ge=0, lt=100)
    months: int = Field(ge=1, le=60)
    counts_months: int = Field(ge=1, le=60)


class PaperCredential(_Chapter):
    """What a pass of a paper is good for. ``valid_months`` ``None``: it never lapses.

    Again not before ``resit_after_days`` after the last time, and at most ``most_attempts_a_year`` times in
    twelve months. Without ``exemption`` nobody is exempt.
    """

    certificate: bool = False
    valid_months: int | None = Field(default=None, ge=1, le=120)
    resit_after_days: int = Field(default=0, ge=0, le=366)
    most_attempts_a_year: int | None = Field(default=None, ge=1, le=50)
    exemption: ExemptionPolicy | None = None


class Award(_Chapter):
    """A certificate of merit for whoever has passed, or is exempt from, every one of ``papers``.

    ``words`` begin its sentence; how each paper was met follows.
    """

    title: str
    words: str
    papers: tuple[str, ...] = Field(min_length=1)


class CredentialReminders(_Chapter):
    """Before the last day of a pass its holder is reminded, once for each of ``days_before_end``.

    The direct superior hears of it as well from ``escalate_from`` days on. That it has lapsed is told once,
    up to ``told_for_days`` after the last day: what lapsed long before nobody wants to hear of.
    """

    days_before_end: tuple[int, ...] = (30, 7)
    escalate_from: int = Field(default=7, ge=0)
    told_for_days: int = Field(default=30, ge=1)


class CredentialRules(_Chapter):
    """The chapter. One address may look up ``verify_most`` certificates in ``verify_minutes``."""

    ref: str
    edition: int
    effective_from: date
    source: str
    verify_most: int = Field(ge=1)
    verify_minutes: int = Field(ge=1)
    reminders: CredentialReminders = CredentialReminders()
    papers: Mapping[str, PaperCredential]
    awards: Mapping[str, Award]

    def of(self, paper_ref: str) -> PaperCredential:
        """Return what holds for a paper; one that is not named gives no certificate and has no limits."""
        return self.papers.get(paper_ref, _PLAIN)

    @model_validator(mode="after")
    def _known(self) -> CredentialRules:
        for ref, award in self.awards.items():
            unknown = [paper for paper in award.papers if paper not in self.papers]
            if unknown:
                raise ValueError(f"奖状{ref}要求的试卷{unknown[0]}没有列在papers里")
        return self


_PLAIN = PaperCredential()
