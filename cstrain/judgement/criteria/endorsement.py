"""A quality without a number is endorsed by people who can judge it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier
from cstrain.kernel.finding import Evidence, Finding, State


@criterion
class Endorsed(Criterion):
    """``count`` ratings of ``topic`` are in, each at least ``least`` of 5 (docs/rules.md 1)."""

    kind: Literal["endorsement"]
    topic: str
    least: int = Field(default=4, ge=1, le=5)
    count: int = Field(default=1, ge=1)

    def check(self, facts: Dossier) -> Finding:
        """Not met as soon as one rating is below ``least``; unknown while ratings are missing."""
        needs = f"要求{self.count}份均≥{self.least}分"
        given = [one for one in facts.endorsements or () if one.topic == self.topic]
        low = [one for one in given if one.rating < self.least]
        records = tuple(Evidence("endorsement", one.ref, f"{one.by}{one.rating}分") for one in given)
        value = f"{len(given)}份" if given else ""
        if low:
            worst = "、".join(f"{one.by}评{one.rating}分" for one in low)
            says = f"{worst}，要求每份不低于{self.least}分。"
            return self.finding(State.NOT_MET, says, value=value, needs=needs, records=records)
        if len(given) < self.count:
            missing = self.count - len(given)
            says = f"已有{len(given)}份评价，还缺{missing}份，要求{self.count}份均不低于{self.least}分。"
            return self.finding(State.UNKNOWN, says, value=value, needs=needs, records=records)
        says = f"{len(given)}份评价均不低于{self.least}分。"
        return self.finding(State.MET, says, value=value, needs=needs, records=records)
