"""A quality without a number is endorsed by people who can judge it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cstrain.judgement.criteria.register import REGISTER_WORDS, Register
from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier, Endorsement
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.wording.said import Said, said_row, say


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
        needs = say("要求≥%(least)s分", least=self.least)
        if self.count > 1:
            needs = say("要求%(n)s份，每份≥%(least)s分", n=self.count, least=self.least)
        given = [one for one in facts.endorsements or () if self._counts(one)]
        low = [one for one in given if one.rating < self.least]
        entries = [one for one in facts.registers or () if one.kind == self.register_of]
        records = (
            *(
                Evidence("endorsement", one.ref, say("%(by)s%(n)s分", by=one.by, n=one.rating))
                for one in given
            ),
            *(Evidence(one.kind, one.ref, one.label) for one in entries),
        )
        value = say("%(n)s份", n=len(given)) if given else ""
        if low:
            worst = said_row("、", [say("%(by)s评%(n)s分", by=one.by, n=one.rating) for one in low])
            says = say("%(worst)s，要求每份不低于%(least)s分。", worst=worst, least=self.least)
            state = State.NOT_MET
        elif len(given) < self.count:
            state = State.UNKNOWN
            says = say(
                "已有%(n)s份评价，还缺%(missing)s份，要求%(count)s份均不低于%(least)s分。",
                n=len(given),
                missing=self.count - len(given),
                count=self.count,
                least=self.least,
            )
        else:
            state = State.MET
            says = say("%(n)s份评价均不低于%(least)s分。", n=len(given), least=self.least)
        if self.register_of and entries:
            says = say("%(says)s%(also)s", says=says, also=self._also(self.register_of, len(entries)))
        return self.finding(state, says, value=value, needs=needs, records=records)

    def _also(self, register: Register, number: int) -> Said:
        return say("登记簿有%(of)s%(n)s条。", of=say(REGISTER_WORDS[register]), n=number)

    def _counts(self, one: Endorsement) -> bool:
        return one.topic == self.topic and (not self.roles or one.role in self.roles)
