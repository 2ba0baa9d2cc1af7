"""Writers, reviewers and questions for tests of authoring."""

from __future__ import annotations

from typing import Any

from cstrain.questions.authoring import service
from cstrain.questions.authoring.facts import Writing
from cstrain.questions.authoring.models import QuestionDraft
from cstrain.questions.authoring.service import NewBank
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories.chats import chat_fields
from tests.factories.people import make_person
from tests.questions.makers import fields

BANK = "own"
TOPIC = "general"


def make_bank(name: str = BANK) -> str:
    """Make an own bank with its one topic (commits)."""
    with unit_of_work():
        service.make_bank(NewBank(name, "自己的题库", "试试"), None)
    return name


ORAL: dict[str, Any] = {
    "task": "请打电话说明快递会晚到两天。",
    "examiner": "扮演着急的顾客，先催单，再问赔偿。",
    "minutes": 4,
    "rubric": [{"id": "polite", "title": "态度", "of": 5}, {"id": "clear", "title": "说清楚", "of": 5}],
}
PASSAGE = "亲爱的顾客您好，您反映的情况我们已经记下，" * 7
OTHERS: dict[str, dict[str, Any]] = {
    "oral": ORAL,
    "typing": {"passage": PASSAGE, "seconds": 120, "full_speed": 50, "spaces_matter": True},
}
KINDS = [
    *("single_choice", "multiple_choice", "true_false", "fill_in", "number", "matching", "ordering"),
    *("short_answer", "essay", "case", "operation", "oral", "typing", "chat"),
]


def whole(kind: str = "single_choice", **changes: Any) -> dict[str, Any]:
    """Return the YAML fields of a whole question, without id and source."""
    if kind == "chat":
        own = chat_fields()
    elif kind in OTHERS:
        own = {**fields("number"), **OTHERS[kind], "type": kind}
        for name in ("answer", "tolerance", "unit"):
            own.pop(name)
    else:
        own = fields(kind)
    return {**{key: value for key, value in own.items() if key not in ("id", "source")}, **changes}


def writing(kind: str = "single_choice", tags: tuple[str, ...] = (), **changes: Any) -> Writing:
    """Return what somebody writes: a whole question of a type."""
    return Writing(whole(kind, **changes), TOPIC, tags)


def make_draft(by: int, what: Writing | None = None, bank: str = BANK) -> int:
    """Begin a question (commits); return its draft."""
    with unit_of_work():
        return service.start(bank, what or writing(), by, START).id


def in_review(by: int, what: Writing | None = None, bank: str = BANK) -> int:
    """Begin a question and hand it in (commits); return its draft."""
    draft = make_draft(by, what, bank)
    with unit_of_work():
        service.submit(draft, by, START)
    return draft


def in_use(by: int, reviewer: int, what: Writing | None = None, bank: str = BANK) -> int:
    """Bring a question into use (commits); return its draft."""
    draft = in_review(by, what, bank)
    with unit_of_work():
        service.accept([draft], reviewer, START)
    return draft


def draft_row(draft: int) -> QuestionDraft:
    """Return a draft as it is kept."""
    from cstrain.extensions import session

    return session().get_one(QuestionDraft, draft)


def trainer(name: str = "周明") -> int:
    """Make a trainer (commits)."""
    return make_person(name, roles=["trainer"])
