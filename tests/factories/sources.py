"""Lessons that change, and tiny questions that rest on their sections. All need a context and commit."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from cstrain.questions.models import QuestionVersion
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.lessons import BODY, write_page

REF = "rules-orders"
BEFORE = START - timedelta(days=30)
CHANGED = BODY.replace("用订单号查最准。", "用订单号或手机号查。")
GONE = BODY.replace("## 查订单", "## 查运单")


def load_lesson(folder: Path, body: str = BODY, at: datetime = BEFORE, ref: str = REF) -> None:
    """Bring a handbook page in, the only one there is: a body that differs makes another version."""
    from cstrain.lessons.service import load_shipped

    write_page(folder, ref, handbook="rules", body=body)
    with unit_of_work():
        load_shipped(at, folder)


def name_source(source: str, kind: str = "single_choice") -> list[int]:
    """Let all tiny questions of a type rest on a section; return their versions."""
    with unit_of_work() as db:
        mine = QuestionVersion.type == kind
        db.execute(sa.update(QuestionVersion).where(mine).values(source=source))
        return list(db.scalars(sa.select(QuestionVersion.id).where(mine).order_by(QuestionVersion.id)))


def make_sourced_bank(folder: Path, source: str = f"{REF}#查订单") -> list[int]:
    """Make a lesson and the tiny bank whose single choices rest on it; return those versions."""
    load_lesson(folder)
    make.make_bank()
    return name_source(source)
