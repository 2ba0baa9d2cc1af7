"""Banks and topics of the company's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError
from cstrain.kernel.ids import PersonId
from cstrain.questions.authoring.models import QuestionDraft
from cstrain.questions.authoring.store import get_bank, get_topic
from cstrain.questions.facts import MOST_DEPTH
from cstrain.questions.models import Bank, Question, Topic
from cstrain.unit_of_work import flush_unique, one_at_a_time

MOST_TOPICS = 500
FIRST_TOPIC = "general"
_SHIPPED = "随产品发布的题库，名称不能改。可以新建一个自己的题库。"


@dataclass(frozen=True, slots=True)
class NewBank:
    """A bank to be made: its name in addresses and files, its title, what it is for."""

    name: str
    title: str
    description: str


def make_bank(new: NewBank, by: PersonId | None) -> Bank:
    """Make an own bank with one topic; raises ``ConflictError`` when the name is taken."""
    bank = Bank(name=new.name, title=new.title, description=new.description, origin="own")
    session().add(bank)
    flush_unique("已经有题库“%(name)s”，请换一个名字。", name=new.name)
    session().add(Topic(bank_id=bank.id, ref=FIRST_TOPIC, title="未分类", position=0))
    record(by, "bank.made", f"bank:{new.name}")
    session().flush()
    return bank


def rename_bank(name: str, title: str, description: str, by: PersonId) -> None:
    """Give an own bank another title and description."""
    bank = get_bank(name)
    if bank.origin != "own":
        raise DomainError(_SHIPPED)
    bank.title, bank.description = title, description
    record(by, "bank.renamed", f"bank:{name}")
    session().flush()


def add_topic(bank_name: str, title: str, parent: str, by: PersonId | None) -> Topic:
    """Add a topic at the end, below another one (its ref) or at the top (empty)."""
    bank = get_bank(bank_name)
    one_at_a_time(f"bank:{bank.id}")
    topics = session().scalars(sa.select(Topic).where(Topic.bank_id == bank.id)).all()
    if len(topics) >= MOST_TOPICS:
        raise DomainError("一个题库最多%(most)s个主题。请先合并一些。", most=MOST_TOPICS)
    above = get_topic(bank.id, parent) if parent else None
    _must_not_be_deep(1 + len(_with_all_above({each.id: each for each in topics}, above)))
    _must_be_the_only_one(topics, title, above)
    number = 1 + max((int(each.ref[2:]) for each in topics if _numbered(each.ref)), default=0)
    position = 1 + max((each.position for each in topics), default=-1)
    topic = Topic(
        bank_id=bank.id,
        ref=f"t-{number}",
        title=title,
        position=position,
        parent_id=above.id if above else None,
    )
    session().add(topic)
    record(by, "topic.added", f"bank:{bank_name}", topic=topic.ref)
    session().flush()
    return topic


def change_topic(bank_name: str, ref: str, title: str, parent: str, by: PersonId) -> None:
    """Rename a topic or put it below another one with all below it; not below itself."""
    bank = get_bank(bank_name)
    one_at_a_time(f"bank:{bank.id}")
    topic = get_topic(bank.id, ref)
    above = get_topic(bank.id, parent) if parent else None
    by_id = {each.id: each for each in session().scalars(sa.select(Topic).where(Topic.bank_id == bank.id))}
    over = _with_all_above(by_id, above)
    if topic in over:
        raise DomainError("主题不能放到自己下面。请选别的上级。")
    chains = [_with_all_above(by_id, each) for each in by_id.values()]
    _must_not_be_deep(len(over) + max(chain.index(topic) + 1 for chain in chains if topic in chain))
    _must_be_the_only_one([each for each in by_id.values() if each is not topic], title, above)
    topic.title, topic.parent_id = title, above.id if above else None
    record(by, "topic.changed", f"bank:{bank_name}", topic=ref)
    session().flush()


def remove_topic(bank_name: str, ref: str, by: PersonId) -> None:
    """Remove a topic that nothing was ever put under."""
    bank = get_bank(bank_name)
    topic = get_topic(bank.id, ref)
    asked = (
        sa.exists().where(Question.topic_id == topic.id)
        | sa.exists().where(QuestionDraft.topic_id == topic.id)
        | sa.exists().where(Topic.parent_id == topic.id)
    )
    if session().scalar(sa.select(asked)):
        raise ConflictError("主题“%(title)s”下面还有题目或者下级主题，请先移走。", title=topic.title)
    session().delete(topic)
    record(by, "topic.removed", f"bank:{bank_name}", topic=ref)
    session().flush()


def _with_all_above(by_id: Mapping[int, Topic], lowest: Topic | None) -> list[Topic]:
    """Return a topic and all above it, itself first."""
    found = []
    while lowest is not None:
        found.append(lowest)
        lowest = by_id.get(lowest.parent_id or 0)
    return found


def _must_not_be_deep(depth: int) -> None:
    if depth > MOST_DEPTH:
        raise DomainError("主题最多%(most)s层。请选更上一层。", most=MOST_DEPTH)


def _must_be_the_only_one(others: Sequence[Topic], title: str, above: Topic | None) -> None:
    if any(each.title == title and each.parent_id == (above.id if above else None) for each in others):
        raise ConflictError("这一层已经有主题“%(title)s”，请换一个名字。", title=title)


def _numbered(ref: str) -> bool:
    return ref.startswith("t-") and ref[2:].isdecimal()
