"""Pairs of stored questions, set aside until one of them gets a new version; their page."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from cstrain.extensions import db
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.questions.duplicates import queries, service
from cstrain.questions.models import Question, QuestionKey, QuestionVersion
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories import exams as make
from tests.factories.people import make_person

STEM = "顾客说收到的杯子有裂纹，要求马上退款，客服第一步应当怎样处理"


@pytest.fixture
def cast(app):
    with app.app_context():
        make.make_bank("one", each=1)
        make.make_bank("two", each=1)
        with unit_of_work():
            versions = []
            for bank, ref, more in (("one", "a", "？"), ("two", "b", "呢？"), ("two", "c", "和登记？")):
                bank_id, topic = db.session.execute(
                    sa.select(make.Bank.id, make.Topic.id)
                    .join(make.Topic, make.Topic.bank_id == make.Bank.id)
                    .where(make.Bank.name == bank)
                ).one()
                fields = make.written("true_false", 1, STEM + more)
                versions.append(make.add_question(bank_id, topic, ref, fields))
        return {
            "trainer": make_person("周明", roles=["trainer"]),
            "auditor": make_person(roles=["auditor"]),
            "v": versions,
        }


def refs(threshold: int = 90, bank: str = "one") -> list[str]:
    return sorted(
        "".join(sorted(side.ref for side in (pair.first, pair.second)))
        for pair in queries.alike(threshold, bank).pairs
        if len(pair.first.ref) == 1
    )


def test_pairs_are_found_across_banks_and_set_aside_until_a_new_version(context, cast) -> None:
    first, second, _third = cast["v"]
    assert refs() == ["ab", "ac"]
    with unit_of_work():
        service.set_aside(cast["trainer"], START, second, first, "问的步骤不同")
    assert refs() == ["ac"] and queries.alike(90, "one").aside == 1
    with pytest.raises(ConflictError, match="已经有人"), unit_of_work():
        service.set_aside(cast["trainer"], START, first, second, "再标一次")
    with unit_of_work() as session:
        old = session.get_one(QuestionVersion, second)
        new = QuestionVersion(
            **{
                column.key: getattr(old, column.key)
                for column in sa.inspect(QuestionVersion).column_attrs
                if column.key != "id"
            }
            | {"number": 2}
        )
        session.add(new)
        session.flush()
        key = session.get_one(QuestionKey, second)
        session.add(QuestionKey(version_id=new.id, key=key.key, explanation=""))
        session.get_one(Question, old.question_id).current_version_id = new.id
    assert refs() == ["ab", "ac"]
    with pytest.raises(NotFoundError, match="新版"), unit_of_work():
        service.set_aside(cast["trainer"], START, first, second, "旧的一版")
    with pytest.raises(DomainError, match="为什么"), unit_of_work():
        service.set_aside(cast["trainer"], START, first, new.id, " ")


def test_too_many_questions_ask_for_a_bank(context, cast, monkeypatch) -> None:
    monkeypatch.setattr(queries, "MOST_AT_ONCE", 3)
    assert queries.alike(85).compared == 0
    assert queries.alike(85, "one").compared == 13


def test_the_page_marks_differences_and_keeps_what_was_typed(app, client, cast) -> None:
    first, second, _third = cast["v"]
    me = client.log_in_as(cast["trainer"])
    page = me.get("/near-duplicates?bank=one&threshold=90")
    assert "<mark>呢</mark>" in page and "跨题库" in page and "KEYCANARY" not in page
    me.get("/near-duplicates?threshold=5&bank=nowhere&page=x")
    with counted(app) as statements:
        me.get("/near-duplicates?bank=one&threshold=90")
    assert len(statements) <= 12
    pair = {"first": str(first), "second": str(second)}
    refused = me.post("/near-duplicates?bank=one&threshold=90", {**pair, "reason": ""}, 422).text
    assert re.search(r'<details class="confirm" open', refused)
    me.post("/near-duplicates?bank=one", {"first": "x", "second": "9" * 30, "reason": "r"}, 422)
    me.post("/near-duplicates?bank=one&threshold=90", {**pair, "reason": "问的步骤不同"})
    assert "另有1对" in re.sub(r"<[^>]+>", "", me.get("/near-duplicates?bank=one&threshold=90"))
    auditor = client.log_in_as(cast["auditor"])
    assert "不是同一道题</span>" not in auditor.get("/near-duplicates?bank=one&threshold=90")
    auditor.post("/near-duplicates", {**pair, "reason": "r"}, 403)
