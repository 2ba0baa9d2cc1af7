"""Forms on paper, and what two people read from them. All need a context and commit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from cstrain.exams.on_paper import queries, service
from cstrain.exams.on_paper.models import PaperCopyQuestion
from cstrain.extensions import session
from cstrain.kernel.ids import PersonId, SittingId
from cstrain.questions.queries import keyed_versions
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START

MINUTE = timedelta(minutes=1)
LATER = START + 60 * MINUTE
"""When sheets of the tests have been collected."""


def give_out(actor: PersonId, sitting: SittingId, person: PersonId, seed: int = 1) -> int:
    """Give a candidate a form on paper; returns the copy."""
    with unit_of_work():
        return service.issue(actor, START, sitting, [person], seed)[0]


def take_in(actor: PersonId, copy: int, until: int = 25) -> None:
    """Note that a sheet was answered from the start of the test clock on, for so many minutes."""
    with unit_of_work():
        service.collect(actor, LATER, copy, START, START + until * MINUTE)


def enter(actor: PersonId, copy: int, answers: Mapping[int, str], *, finish: bool = True) -> bool:
    """Enter what somebody reads from a sheet."""
    with unit_of_work():
        return service.enter(actor, LATER, copy, answers, finish=finish)


def right_answers(copy: int) -> dict[int, str]:
    """The JSON text of the right answer of each slot of a copy of the tiny bank."""
    rows = session().query(PaperCopyQuestion).filter_by(copy_id=copy).order_by(PaperCopyQuestion.slot).all()
    versions = keyed_versions([row.version_id for row in rows])
    found = {}
    for row in rows:
        version = versions[row.version_id]
        options = version.key["right"] if row.option_order else []
        places = [str(row.option_order.index(int(each))) for each in options]
        found[row.slot] = json.dumps(
            {"single_choice": places[:1] and places[0], "multiple_choice": places, "true_false": True,
             "fill_in": ["标准答案"], "number": "42"}[version.type],
            ensure_ascii=False,
        )  # fmt: skip
    assert set(found) == {slot.slot for slot in queries.form(copy)}
    return found
