"""Who may give an opinion. Pure; source: docs/rules.md 4."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cstrain.approvals.facts import ChainFacts, OpinionFacts
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId

VERDICTS = ("agree", "disagree")


def speaks_for(
    actor: PersonId,
    opinion: OpinionFacts,
    chain: ChainFacts,
    holders: Collection[PersonId],
    stands_in_for: Collection[PersonId],
) -> PersonId | None:
    """Return in whose place ``actor`` may give a due opinion: their own, a principal's, nobody's.

    ``holders`` hold the office today, ``stands_in_for`` are those whom the actor stands in for today.
    Nobody speaks about themself, nobody twice in one chain, and a stand-in speaks only for somebody who
    could speak.
    """
    spoken = {one.given_by for one in chain.opinions} | {one.for_person_id for one in chain.opinions}
    if opinion.state != "due" or actor == chain.about_id or actor in spoken:
        return None
    entitled = {opinion.named_person_id} if opinion.named_person_id is not None else set(holders)
    entitled -= {chain.about_id}
    if actor in entitled:
        return actor
    principals = sorted(one for one in entitled & set(stands_in_for) if one is not None and one not in spoken)
    return principals[0] if principals else None


def check_opinion(
    actor: PersonId,
    chain: ChainFacts,
    allowed: PersonId | None,
    verdict: str,
    rating: int | None,
    text: str,
    lengths: Mapping[str, int],
) -> None:
    """Refuse an opinion by the wrong person, at the wrong time, or without what it needs."""
    due = chain.due
    if chain.closed_at is not None or due is None:
        raise ConflictError("这件事的意见已经填完或已经撤回，没有保存。请刷新后再看。")
    if actor == chain.about_id:
        raise ForbiddenError("不能对自己的事项填写意见。")
    if allowed is None:
        raise ForbiddenError(
            "现在轮到“%(office)s”填写意见，没有保存。只有本人或当日的代理人可以填。", office=due.title
        )
    if verdict not in VERDICTS:
        raise DomainError("没有保存：请选择同意或不同意。")
    if due.rates and rating not in range(1, 6):
        raise DomainError("没有保存：请按1至5分评价。")
    _check_text(verdict, text.strip(), lengths)


def _check_text(verdict: str, text: str, lengths: Mapping[str, int]) -> None:
    if verdict == "disagree" and len(text) < lengths["least"]:
        raise DomainError("没有保存：不同意时请写明理由。")
    if len(text) > lengths["most"]:
        raise DomainError("没有保存：意见超过%(most)s个字。请写短一些。", most=lengths["most"])
