"""Editions of chapters: the same road by three people, in force from their day, read with one statement."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from cstrain.extensions import db
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.policies import loader
from cstrain.policies.yaml_source import SourceError
from cstrain.promotion import ladders
from cstrain.promotion.editions import kinds, queries, service
from cstrain.promotion.editions.facts import Stage
from cstrain.promotion.editions.models import LadderLook
from cstrain.promotion.rating.policy import CHAPTER, RatingRules
from cstrain.unit_of_work import unit_of_work
from tests.counting import counted
from tests.factories import editions as road
from tests.factories.editions import NOW, START
from tests.factories.people import make_person

pytestmark = pytest.mark.usefixtures("context")
SHORTER = ("contest_within: 5 ", "contest_within: 3 ")


def within(on: date | None = None) -> int:
    return loader.load(RatingRules, CHAPTER, on).contest_within


def test_an_edition_of_a_chapter_is_in_force_on_the_exact_day(offices, clock) -> None:
    road.new_chapter(offices, "rating", SHORTER)
    before = START - timedelta(days=1)
    assert (within(before), within(START), within(START + timedelta(days=400))) == (5, 3, 3)
    assert within() == 5
    clock.set(datetime(2026, 12, 31, 15, 59, tzinfo=UTC))  # 23:59 in the company's zone
    db.session.rollback()
    assert within() == 5
    clock.set(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    assert within() == 3
    assert [loader.load_edition(RatingRules, CHAPTER, one).contest_within for one in (1, 2)] == [5, 3]
    with pytest.raises(NotFoundError, match="第3版"):
        loader.load_edition(RatingRules, CHAPTER, 3)
    assert len(ladders.ladders(START)) == len({one.ref for one in ladders.ladders(START)})


def test_a_newer_edition_follows_and_all_stay(offices) -> None:
    road.new_chapter(offices, "rating", SHORTER)
    later = date(2027, 6, 1)
    road.new_chapter(offices, "rating", ("contest_within: 3 ", "contest_within: 8 "), start=later)
    assert [within(day) for day in (date(2026, 12, 31), START, later)] == [5, 3, 8]
    policy = kinds.ChapterPolicy("rating")
    assert [one.edition for one in policy.known()] == [1, 2, 3]
    assert policy.in_force(START).edition == 2
    assert [one.values for one in policy.between(2, 3)] == [(("contest_within", "3", "8"),)]
    with pytest.raises(DomainError, match="晚于"):
        road.new_chapter(offices, "rating", ("contest_within: 8 ", "contest_within: 9 "), start=START)


def test_three_people_and_a_sealed_look_at_what_changes(offices) -> None:
    text = road.chapter_text("rating", SHORTER)
    given = {"ref": "chapter:rating", "text": text, "scenarios": ""}
    with pytest.raises(ForbiddenError):
        road.draft(replace(offices, hr=offices.gm), **given)
    both = make_person("兼任", roles=["hr", "gm_office", "gm"])
    edition = road.draft(replace(offices, hr=both), **given)
    for act in (service.check, service.approve):
        with pytest.raises((ForbiddenError, ConflictError)):
            act(both, NOW, edition)
        db.session.rollback()
    with pytest.raises(ForbiddenError):
        service.check(offices.gm, NOW, edition)
    db.session.rollback()
    with unit_of_work():
        service.check(offices.gm_office, NOW, edition)
    with pytest.raises(DomainError, match="每一处改动"):
        service.approve(offices.gm, NOW, edition)
    db.session.rollback()
    with unit_of_work():
        service.look(offices.gm, NOW, edition)
    held = json.loads(db.session.scalar(sa.select(LadderLook.content)))
    assert (held["chapter"], held["edition"], held["against"]) == ("rating", 2, 1)
    assert held["changes"][0]["values"] == [["contest_within", "5", "3"]]
    assert held["text"] == queries.draft(edition).sha256
    assert queries.look_of(edition, offices.gm).intact  # type: ignore[union-attr]
    with unit_of_work():
        service.approve(offices.gm, NOW, edition)
    assert queries.draft(edition).stage is Stage.APPROVED
    assert within(START) == 3


def test_returned_withdrawn_and_corrected_editions_have_no_effect(offices) -> None:
    given = {"ref": "chapter:rating", "text": road.chapter_text("rating", SHORTER), "scenarios": ""}
    first = road.draft(offices, **given)
    with pytest.raises(ConflictError, match="没有办完"):
        road.draft(offices, **given)
    with unit_of_work():
        service.send_back(offices.gm_office, NOW, first, "再议")
    second = road.draft(offices, **given, replaces=first)
    with unit_of_work():
        service.withdraw(offices.hr, NOW, second, "先不改")
    assert [queries.draft(one).stage for one in (first, second)] == [Stage.RETURNED, Stage.WITHDRAWN]
    assert within(START) == 5
    ladder = road.draft(offices)  # a ladder's road is free of it
    assert queries.draft(ladder).ref == "general"


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "says"),
    [
        ("rating", "contest_within: 5 ", "contest_within: 夏 ", 8, "应为整数"),
        ("rating", "contest_within: 5 ", "contest_within: 99 ", 8, "不能大于30"),
        ("rating", "contest_within: 5 ", "within: 5 ", 8, "不认识“within”"),
        ("rating", "ref: rating", "ref: other", 3, "要写“rating”"),
        ("rating", "decide_clause: 申诉由", "decide_clause: 20%的申诉由", 11, "百分号"),
        ("panels", "offices: [juror, hr", "offices: [jury, hr", 11, "没有“jury”这个职务"),
        ("eaglet", "papers: [soso-upgrade", "papers: [soso-upgrad", 53, "这份试卷"),
        ("eaglet", "ladder: eaglet", "ladder: eagle", 8, "这个晋升通道"),
        ("leader_competition", "weight: 40", "weight: 41", 3, "100"),
    ],
)  # fmt: skip
def test_faults_name_the_line(offices, name, old, new, line, says) -> None:
    text = road.chapter_text(name, (old, new))
    with pytest.raises(SourceError) as caught:
        road.draft(offices, ref=f"chapter:{name}", text=text, scenarios="")
    fault = next(one for one in caught.value.faults if says in one.message)
    assert fault.file == "制度文本" and fault.line in {line, text[: text.index(new)].count("\n") + 1}


def test_too_much_too_deep_and_no_change_are_refused(offices) -> None:
    text = road.chapter_text("rating")
    with pytest.raises(DomainError, match="没有任何改动"):
        road.draft(offices, ref="chapter:rating", text=text + "# 只是注释\n", scenarios="")
    with pytest.raises(DomainError, match="超过"):
        road.draft(offices, ref="chapter:rating", text=text + "#" * 200_001, scenarios="")
    deep = text.replace("notes:", "notes: " + "[" * 30 + "]" * 30 + "\nold:")
    with pytest.raises(SourceError, match="嵌套"):
        road.draft(offices, ref="chapter:rating", text=deep, scenarios="")
    for ref in ("chapter:exams", "chapter:access", "chapter:nothing", "chapter:"):
        with pytest.raises(NotFoundError):
            road.draft(offices, ref=ref, text=text, scenarios="")
    with pytest.raises(DomainError, match="晚于今天"):
        road.draft(offices, ref="chapter:rating", text=text, scenarios="", effective_from=NOW.date())


def test_all_chapters_and_ladders_together_cost_one_statement_a_transaction(app, offices) -> None:
    from cstrain.exams.store import exam_rules
    from cstrain.performance.quality.queries import quality_rules
    from cstrain.performance.store import performance_rules

    road.new_chapter(offices, "rating", SHORTER)
    assert within(START) == 3  # the text is read once in a process
    ladders.ladders(START)
    db.session.rollback()
    with counted(app) as statements:
        for _ in range(3):
            assert within(START) == 3
            performance_rules(), quality_rules(), ladders.ladders(START)
    assert len([one for one in statements if not one.startswith("BEGIN")]) == 1, statements
    db.session.rollback()
    with counted(app) as none:
        exam_rules()
    assert none == []


def test_asking_in_the_middle_of_a_row_writes_nothing_early(offices) -> None:
    db.session.rollback()
    with unit_of_work():
        db.session.add(LadderLook(edition_id=None, person_id=None, at=None, content=None, sha256=None))
        assert within() == 5
        db.session.expunge_all()


def test_outside_an_application_the_shipped_files_are_read(app, offices) -> None:
    import subprocess
    import sys

    road.new_chapter(offices, "rating", SHORTER)
    code = (
        "from cstrain.policies.loader import load\n"
        "from cstrain.promotion.rating.policy import CHAPTER, RatingRules\n"
        "import cstrain.promotion.editions.listeners, cstrain.promotion.rating.chapters\n"
        "print(load(RatingRules, CHAPTER).contest_within)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "5"


@pytest.mark.parametrize("kind", ["ladder", "chapter"])
def test_a_first_day_that_hides_from_the_stamp_is_refused(offices, kind) -> None:
    text = road.new_texts()[0] if kind == "ladder" else road.chapter_text("rating", SHORTER)
    at = text.index("effective_from:")
    hidden = f"{text[:at]}'effective_from': \"2020-01-01\"{text[text.index(chr(10), at) :]}"
    given = {"ref": "general"} if kind == "ladder" else {"ref": "chapter:rating", "scenarios": ""}
    with pytest.raises(SourceError, match="生效日期"):
        road.draft(offices, text=hidden, **given)
