"""A quality without a number is endorsed by people who can judge it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cstrain.judgement.criteria.register import REGISTERS, Register
from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier, Endorsement
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
        several = f"{self.count}份，每份" if self.count > 1 else ""
        needs = f"要求{several}≥{self.least}分"
        given = [one for one in facts.endorsements or () if self._counts(one)]
        low = [one for one in given if one.rating < self.least]
        entries = [one for one in facts.registers or () if one.kind == self.register_of]
        records = (
            *(Evidence("endorsement", one.ref, f"{one.by}{one.rating}分") for one in given),
            *(Evidence(one.kind, one.ref, one.label) for one in entries),
        )
        also = (
            f"登记簿有{REGISTERS[self.register_of]}{len(entries)}条。" if self.register_of and entries else ""
        )
        value = f"{len(given)}份" if given else ""
        if low:
            worst = "、".join(f"{one.by}评{one.rating}分" for one in low)
            state, says = State.NOT_MET, f"{worst}，要求每份不低于{self.least}分。"
        elif len(given) < self.count:
            missing = self.count - len(given)
            state = State.UNKNOWN
            says = f"已有{len(given)}份评价，还缺{missing}份，要求{self.count}份均不低于{self.least}分。"
        else:
            state, says = State.MET, f"{len(given)}份评价均不低于{self.least}分。"
        return self.finding(state, says + also, value=value, needs=needs, records=records)

    def _counts(self, one: Endorsement) -> bool:
        return one.topic == self.topic and (not self.roles or one.role in self.roles)
