"""Many at once hand in one attempt, or start one sitting: what came of it (R7)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from cstrain.exams import service
from cstrain.exams.models import Attempt, AttemptMoment
from cstrain.extensions import session
from cstrain.grading.models import Result
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.people import make_person
from tests.racing import all_at_once

AT_ONCE = 50
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round left behind; right is one attempt, one submission, one mark, equal answers to all."""

    attempts: int
    submissions: int
    marks: int
    numbers: int
    receipts: int
    refused: int

    @property
    def right(self) -> bool:
        return self == Round(1, 1, 1, 1, 1, 0)


def make_hall(app: Any) -> None:
    """Make a small bank and a paper of four questions."""
    cells = [{"topics": ["basics"], "types": [kind], "count": 1} for kind in make.KINDS[:4]]
    with app.app_context():
        make.make_bank(each=2)
        make.make_paper(sections=[{"title": "全部", "marks": 25, "cells": cells}])


def one_round(app: Any, at_once: int = AT_ONCE) -> Round:
    """Let somebody start a sitting in so many tabs at once, answer, and hand in in as many."""
    with app.app_context():
        person = make_person("林晓雯")
        sitting = make.make_sitting([person], subject=f"round:{next(_numbers)}")
    tabs = [f"tab-{number}" for number in range(at_once)]
    started = all_at_once(app, [lambda t=tab: service.start(person, sitting, START, t) for tab in tabs])
    ids = [one for one in started if not isinstance(one, Exception)]
    with app.app_context():
        make.answer_right(person, ids[0])
    receipts = all_at_once(app, [lambda t=tab: service.submit(person, ids[0], t, START) for tab in tabs])
    good = [one for one in receipts if not isinstance(one, Exception)]
    with app.app_context():
        db = session()
        found = Round(
            attempts=db.query(Attempt).filter_by(sitting_id=sitting).count(),
            submissions=db.query(AttemptMoment).filter_by(attempt_id=ids[0], kind="submit").count(),
            marks=db.query(Result).filter_by(attempt_id=ids[0]).count(),
            numbers=len(set(ids)),
            receipts=len(set(good)),
            refused=2 * at_once - len(ids) - len(good),
        )
        db.rollback()
    return found
