"""What approvals does when time passes: opinions that wait are reminded of, then their superior is told."""

from __future__ import annotations

from datetime import datetime

from cstrain.approvals import queries, store
from cstrain.approvals.facts import ChainFacts
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.notifications.facts import Due
from cstrain.notifications.service import reminder
from cstrain.people import queries as people


@reminder("approvals.opinions")
def waiting_opinions(now: datetime) -> list[Due]:
    """Remind who owes an opinion, and their stand-ins; after longer, their superiors."""
    return [due for chain in queries.open_chains() for due in _of_chain(chain, now)]


def _of_chain(chain: ChainFacts, now: datetime) -> list[Due]:
    opinion, policy = chain.due, store.approval_rules()
    if opinion is None or opinion.due_since is None:
        return []
    today = local_date(now)
    days = (today - local_date(opinion.due_since)).days
    if days < policy.remind_after_days:
        return []
    holders = [one for one in queries.holders_of(opinion, today) if one != chain.about_id]
    told = {*holders, *(each for one in holders for each in people.stand_ins_for(one, today))}
    found = [_due(person, chain, "wait", opinion.id, days) for person in sorted(told - {chain.about_id})]
    if days >= policy.escalate_after_days:
        above = {each for one in holders for each in people.superiors_of(one, today)[:1]}
        found += [
            _due(person, chain, "late", opinion.id, days) for person in sorted(above - {chain.about_id})
        ]
    return found


def _due(person: PersonId, chain: ChainFacts, step: str, opinion_id: int, days: int) -> Due:
    message = (
        "一份意见等了%(days)s天还没有填，请尽快填写。"
        if step == "wait"
        else "你部门有一份意见等了%(days)s天还没有填，请催办。"
    )
    key = f"opinion-{step}:{opinion_id}:{person}"
    return Due(person, message, key=key, values={"days": days}, url=chain.url)
