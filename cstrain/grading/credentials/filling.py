"""What exams ask of credentials, and what the page of a paper shows of its rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from flask_babel import gettext

from cstrain.access import actor, may
from cstrain.exams.ports import Bar, PaperAt
from cstrain.extensions import local_date, now
from cstrain.grading.credentials import rules
from cstrain.grading.credentials.facts import Standing
from cstrain.grading.credentials.queries import (
    credential_rules,
    credentials_of,
    exempt_at,
    exempt_people,
    passed_people,
    sat_days,
)
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import PersonFacts
from cstrain.people.slots import Section


class PolicyLines:
    """Fills the place for rules on the page of a paper."""

    def lines(self, ref: str) -> Sequence[tuple[str, str]]:
        """Return validity, pause, attempts a year, exemption and certificate of a paper, in words."""
        policy = credential_rules().of(ref)
        months, most, waived = policy.valid_months, policy.most_attempts_a_year, policy.exemption
        found = [
            (gettext("过线有效期"), gettext("%(n)s个月", n=months) if months else gettext("长期")),
            (gettext("成绩证书"), gettext("有") if policy.certificate else gettext("没有")),
        ]
        if policy.resit_after_days:
            found.append((gettext("再考要隔"), gettext("%(n)s天", n=policy.resit_after_days)))
        if most is not None:
            found.append((gettext("十二个月里最多考"), gettext("%(n)s次", n=most)))
        exempt = gettext("不能免试")
        if waived is not None:
            exempt = gettext("%(n)s个月内高于%(above)s分可以申请", n=waived.months, above=f"{waived.above:g}")
        return [*found, (gettext("免试"), exempt)]


PAUSE = "距上次考试要隔%(days)s天，%(day)s起才能再考"
YEAR = "十二个月里已经考过%(n)s次，%(day)s起才能再考"


class KeptPasses:
    """Fills the ports of exams: passes, exemptions, re-sits."""

    def passed(
        self, papers: Collection[str], people: Collection[PersonId], at: datetime
    ) -> Mapping[str, frozenset[PersonId]]:
        """Return by paper who holds a valid pass."""
        return passed_people(papers, people, at)

    def exempt(
        self, papers: Collection[str], people: Collection[PersonId], at: datetime
    ) -> Mapping[str, frozenset[PersonId]]:
        """Return by paper who is exempt; where no paper can be waived, nothing is read."""
        policies = credential_rules()
        waived = [paper for paper in papers if policies.of(paper).exemption is not None]
        none: dict[str, frozenset[PersonId]] = {paper: frozenset() for paper in papers}
        return none | exempt_people(waived, people, at) if waived else none

    def exempt_at(self, person: PersonId, sat: Collection[PaperAt], at: datetime) -> frozenset[PaperAt]:
        """Return from which papers, each sat at its own time, somebody is exempt."""
        policies = credential_rules()
        waived = {(ref, time) for ref, time in sat if policies.of(ref).exemption is not None}
        return exempt_at(person, waived, at) if waived else frozenset()

    def barred(self, paper: str, people: Collection[PersonId], opens_at: datetime) -> Mapping[PersonId, Bar]:
        """Return who may not sit a paper again on the day of ``opens_at``, and from when on they may."""
        policy, on = credential_rules().of(paper), local_date(opens_at)
        if not policy.resit_after_days and policy.most_attempts_a_year is None:
            return {}
        found = {}
        for person, days in sat_days(paper, people, opens_at).items():
            late = rules.too_soon(policy, days, on)
            if late is not None:
                found[person] = _bar(late)
        return found


def _bar(late: rules.TooSoon) -> Bar:
    if late.kind == "year":
        return Bar(YEAR, {"n": late.number, "day": late.first_day})
    return Bar(PAUSE, {"days": late.number, "day": late.first_day})


def sections(person: PersonFacts) -> list[Section]:
    """Return the panel of credentials on a person's page: for oneself, and for who may see their scores."""
    own = actor() == person.id
    if not own and not may(actor(), "score.view", person.id):
        return []
    valid = [one for one in credentials_of([person.id], now()) if one.standing is Standing.VALID]
    data = {"valid": valid, "person_id": person.id, "own": own}
    return [Section(gettext("成绩凭证"), "grading/_person_credentials.html", data)]
