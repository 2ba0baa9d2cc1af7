"""The chapter of discipline: rule sets by edition, and the words of the registers. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import date

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cstrain.performance.discipline.facts import Kind, Severity, Standing


class _Chapter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Times(_Chapter):
    """A circumstance in which each person's points are taken ``factor`` times."""

    code: str = Field(min_length=1)
    text: str = Field(min_length=1)
    factor: int = Field(ge=2, le=10)


class Rule(_Chapter):
    """A rule: whole points from ``least`` to ``most``, checked before any multiplier.

    ``specific_to`` names the more general rule it goes before where both fit.
    """

    code: str = Field(min_length=1, pattern=r"^[a-z][a-z0-9_-]*$")
    text: str = Field(min_length=1)
    least: int = Field(ge=1, le=1000)
    most: int = Field(ge=1, le=1000)
    times: tuple[Times, ...] = ()
    specific_to: str | None = None
    clause: str = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> Rule:
        if self.least > self.most:
            raise ValueError(f"规定{self.code}的least大于most，请把范围写对。")
        return self


class RuleSet(_Chapter):
    """An edition of a rule set. Days to contest and decide are working days, to book calendar days."""

    ref: str = Field(min_length=1, pattern=r"^[a-z][a-z0-9_-]*$")
    edition: int = Field(ge=1)
    effective_from: date
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    contest_days: int = Field(ge=1, le=60)
    decide_days: int = Field(ge=1, le=60)
    book_within_days: int = Field(ge=0, le=366)
    rules: tuple[Rule, ...] = Field(min_length=1)

    def rule(self, code: str) -> Rule | None:
        """Return the rule of a code, if this edition has it."""
        return next((rule for rule in self.rules if rule.code == code), None)

    @model_validator(mode="after")
    def _sound(self) -> RuleSet:
        codes = [rule.code for rule in self.rules]
        for code, count in Counter(codes).items():
            if count > 1:
                raise ValueError(f"规定{code}写了{count}次，编号不能重复。")
        for rule in self.rules:
            if rule.specific_to is not None and rule.specific_to not in codes:
                raise ValueError(f"规定{rule.code}的specific_to指向{rule.specific_to}，没有这一条。")
            if self._turns(rule):
                raise ValueError(f"规定{rule.code}的specific_to绕回了自己，请改正。")
        return self

    def _turns(self, rule: Rule) -> bool:
        seen, here = {rule.code}, rule.specific_to
        while here is not None:
            if here in seen:
                return True
            seen.add(here)
            above = self.rule(here)
            here = above.specific_to if above is not None else None
        return False


KIND_WORDS: dict[str, str] = {
    Kind.COMPLAINT: "投诉",
    Kind.VIOLATION: "违纪",
    Kind.AWARD: "奖励",
    Kind.PROPOSAL: "改善方案",
    Kind.COVER: "顶岗",
    Kind.CONFLICT: "内部冲突",
    Kind.SUGGESTION: "建议",
}
"""The registers, in the order in which pages list them (message ids)."""


def bare_label(kind: str, label: str) -> tuple[str, bool]:
    """Return an entry's text without the word of its register, and whether that word calls it major.

    For lists that name the register in a place of its own; a label without the word stays as it is.
    """
    for word, major in ((f"{KIND_WORDS[kind]}：", False), (f"重大{KIND_WORDS[kind]}：", True)):
        if label.startswith(word):
            return label.removeprefix(word), major
    return label, False


SEVERITY_WORDS: dict[str, str] = {
    Severity.MINOR: "轻微",
    Severity.MEDIUM: "中等",
    Severity.SERIOUS: "严重",
}

STANDING_WORDS: dict[str, str] = {
    Standing.COUNTS: "计算",
    Standing.CONTESTED: "申诉中",
    Standing.UPHELD: "申诉后维持",
    Standing.REVERSED: "已撤销",
}

PAGE_SIZE = 30
