"""Questions in the library: in use, still written, used in attempts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.questions.authoring.facts import Writing
from cstrain.questions.authoring.service import revise, start
from cstrain.questions.library.facts import LibraryPage, Wanted
from cstrain.questions.library.queries import search
from cstrain.questions.models import Question, QuestionTag, Topic
from cstrain.questions.store import set_tags
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.questions import load_bank
from tests.questions.makers import fields

STEMS = {
    "q-days": "签收后的退货天数是多少？",
    "q-price": "价保ＡＢＣ期限：“１００％”退差价吗？",
    "q-mail": "发_件前 怎么改地址",
    "q-bank": "去银行 交重复的货款，行不行？",
    "q-face": "顾客发来😀表情，怎么回？",
    "q-slash": r"路径C:\单据 在哪里",
}


def make_bank(folder, stems: dict[str, str] | None = None, **more: Any) -> None:
    """Bring in a bank named after its folder, one single choice for each stem."""
    load_bank(
        folder,
        [
            fields("single_choice", id=ref, stem=stem, options=[f"{ref}甲", f"{ref}乙", "丙"], **more)
            for ref, stem in (stems or STEMS).items()
        ],
    )


def found(text: str = "", **wanted: Any) -> list[str]:
    """Return the refs that a search finds exactly."""
    page = searched(text, **wanted)
    return [line.ref for line in page.lines[: page.exact]]


def searched(text: str = "", **wanted: Any) -> LibraryPage:
    """Return the first page of a search, statistics not asked."""
    return search(Wanted(text=text, **wanted), 1, None)


def ids(*refs: str) -> list[int]:
    """Return the ids of questions by ref, in this order; of all without one."""
    rows = dict(session().execute(sa.select(Question.ref, Question.id)).all())
    return [rows[ref] for ref in refs] if refs else list(rows.values())


def add_topic(bank: str, ref: str, above: str | None = None) -> int:
    """Add a topic at the end of the bank that holds its sibling topics."""
    from cstrain.questions.models import Bank

    with unit_of_work():
        bank_id = session().scalar(sa.select(Bank.id).where(Bank.name == bank))
        parent = session().scalar(sa.select(Topic.id).where(Topic.bank_id == bank_id, Topic.ref == above))
        topic = Topic(bank_id=bank_id, ref=ref, title=f"主题{ref}", position=9, parent_id=parent)
        session().add(topic)
        session().flush()
        return topic.id


def draft_new(bank: str, stem: str, by: int, now: datetime = START) -> int:
    """Begin a question that never was in use; return its draft's id."""
    own = {name: each for name, each in fields("fill_in", stem=stem).items() if name != "id"}
    with unit_of_work():
        return start(bank, Writing(own, "one", (), ""), PersonId(by), now).id


def draft_of(bank: str, ref: str, by: int) -> int:
    """Begin another wording of a question; return its draft's id."""
    with unit_of_work():
        return revise(bank, ref, PersonId(by), START).id


def tag(ref: str, *tags: str) -> None:
    """Put exactly these tags on a question."""
    with unit_of_work():
        set_tags(ids(ref)[0], tags)


def tags_of(ref: str) -> list[str]:
    """Return a question's tags."""
    asked = sa.select(QuestionTag.tag).where(QuestionTag.question_id == ids(ref)[0]).order_by(QuestionTag.tag)
    return list(session().scalars(asked))


def question(ref: str) -> Question:
    """Return a question as it is stored now."""
    return (
        session()
        .scalars(sa.select(Question).where(Question.ref == ref).execution_options(populate_existing=True))
        .one()
    )
