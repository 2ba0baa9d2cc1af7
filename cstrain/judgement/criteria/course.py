"""A course is finished and its certificate has not lapsed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cstrain.judgement.criterion import Criterion, criterion
from cstrain.judgement.facts import Dossier
from cstrain.kernel.finding import Evidence, Finding, State
from cstrain.wording.said import said_day, say


@criterion
class CourseCertificate(Criterion):
    """The certificate of ``course`` is held; its last day still counts (docs/rules.md 7)."""

    kind: Literal["course"]
    course: str = Field(min_length=1)
    title: str = Field(min_length=1)

    def check(self, facts: Dossier) -> Finding:
        """Not met without the certificate or after its last day; unknown without the records of courses."""
        needs = say("要求证书有效")
        if facts.courses is None or facts.on is None:
            says = say("没有培训课程记录，《%(title)s》暂时不能判断。", title=self.title)
            return self.finding(State.UNKNOWN, says, needs=needs)
        on = facts.on
        mine = [one for one in facts.courses if one.course == self.course and one.on <= on]
        records = tuple(Evidence("course", one.ref, one.label) for one in mine)
        if not mine:
            says = say("还没有《%(title)s》的证书。", title=self.title)
            return self.finding(State.NOT_MET, says, value=say("没有"), needs=needs, records=records)
        if any(one.until is None or one.until >= on for one in mine):
            says = say("《%(title)s》的证书有效。", title=self.title)
            return self.finding(State.MET, says, value=say("有效"), needs=needs, records=records)
        last = max(one.until for one in mine if one.until is not None)
        says = say("《%(title)s》的证书已于%(day)s到期。", title=self.title, day=said_day(last))
        return self.finding(State.NOT_MET, says, value=say("已到期"), needs=needs, records=records)
