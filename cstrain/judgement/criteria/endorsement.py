"""A quality without a number is endorsed by people who can judge it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cstrain.judgement.criteria.register import REGISTER_WORDS, Register
from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier, Endorsement
from cstrain.judgement.said import Said, row, said
from cstrain.kernel.finding import Evidence, Finding, State


@criterion
class Endorsed(Criterion):
    """``count`` ratings of ``topic`` are in, each at least ``least`` of 5 (docs/rules.md 1, 7).

    ``roles``: only ratings given in one of these offices count (empty: any). ``register``: entries of that
    register are listed beside the ratings; they do not decide.
    """

    kind: Literal["endorsement"]
    topic: str
    least: int = Field(default=4, ge=1, le=5)
    count: int = Field(default=1, ge=1)
    roles: tuple[str, ...] = ()
    register_of: Register | None = None

    def check(self, facts: Dossier) -> Finding:
        """Not met as soon as one rating is below ``least``; unknown while ratings are missing."""
        needs = said("要求≥%(least)s分", least=self.least)
        if self.count > 1:
            needs = said("要求%(n)s份，每份≥%(least)s分", n=self.count, least=self.least)
        given = [one for one in facts.endorsements or () if self._counts(one)]
        low = [one for one in given if one.rating < self.least]
        entries = [one for one in facts.registers or () if one.kind == self.register_of]
        records = (
            *(
                Evidence("endorsement", one.ref, said("%(by)s%(n)s分", by=one.by, n=one.rating))
                for one in given
            ),
            *(Evidence(one.kind, one.ref, one.label) for one in entries),
        )
        value = said("%(n)s份", n=len(given)) if given else ""
        if low:
            worst = row("、", [said("%(by)s评%(n)s分", by=one.by, n=one.rating) for one in low])
            says = said("%(worst)s，要求每份不低于%(least)s分。", worst=worst, least=self.least)
            state = State.NOT_MET
        elif len(given) < self.count:
            state = State.UNKNOWN
            says = said(
                "已有%(n)s份评价，还缺%(missing)s份，要求%(count)s份均不低于%(least)s分。",
                n=len(given),
                missing=self.count - len(given),
                count=self.count,
                least=self.least,
            )
        else:
            state = State.MET
            says = said("%(n)s份评价均不低于%(least)s分。", n=len(given), least=self.least)
        if self.register_of and entries:
            says = said("%(says)s%(also)s", says=says, also=self._also(self.register_of, len(entries)))
        return self.finding(state, says, value=value, needs=needs, records=records)

    def _also(self, register: Register, number: int) -> Said:
        return said("登记簿有%(of)s%(n)s条。", of=said(REGISTER_WORDS[register]), n=number)

    def _counts(self, one: Endorsement) -> bool:
        return one.topic == self.topic and (not self.roles or one.role in self.roles)
