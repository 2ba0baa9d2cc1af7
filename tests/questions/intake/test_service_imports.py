"""Files looked at, confirmed and written: what is found, where it goes, that nothing half-written stays."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.ids import new_token
from cstrain.notifications.models import Notice
from cstrain.questions.authoring.models import QuestionDraft
from cstrain.questions.authoring.queries import drafts, ids_in_review
from cstrain.questions.authoring.service import accept
from cstrain.questions.intake import queries, service
from cstrain.questions.intake.facts import Upload
from cstrain.questions.intake.models import HeaderMapping, ImportBatch, ImportFile, ImportItem
from cstrain.questions.intake.service import accepting, writing
from cstrain.questions.intake.store import take_one
from cstrain.questions.models import Bank, Question, QuestionText, Topic
from cstrain.unit_of_work import unit_of_work
from tests.factories.imports import HEAD, ODD, bad, confirmed, good, sheet, uploaded

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def tick(clock):
    return clock.now


def found(batch: int):
    return queries.import_to_review(batch)


def stored() -> tuple[int, int]:
    """How many own questions and drafts there are."""
    session().rollback()
    own = sa.select(sa.func.count()).select_from(Question).where(Question.origin == "own")
    return session().scalar(own), session().scalar(sa.select(sa.func.count()).select_from(QuestionDraft))


def notices(person) -> list[str]:
    return list(session().scalars(sa.select(Notice.message).where(Notice.person_id == person)))


def test_a_file_is_looked_at_confirmed_and_waits_for_another_person(bank, trainer, other, tick) -> None:
    batch = uploaded(sheet([*good(4), good(1)[0], *bad(2)]), trainer, tick)
    sheet_ = found(batch)
    assert sheet_.line.state == "checked" and sheet_.format == "xlsx"
    assert sheet_.counts == {"read": 5, "new": 4, "fault": 2, "in_bank": 0, "in_file": 1, "note": 0}
    assert sheet_.topics == {"售后/退货": 4} and stored() == (0, 0)
    confirmed(batch, trainer, tick)
    assert found(batch).line.state == "done" and found(batch).line.imported == 4 and stored() == (4, 4)
    lines, total = drafts(state="review", batch=batch)
    assert total == 4 and {each.author for each in lines} == {trainer}
    assert [item.place for item in queries.items(batch, "fault")] == ["第7行", "第8行"]
    assert not queries.items(batch, "question")
    assert session().scalar(sa.select(ImportFile)) is None
    assert {"试题文件“%(file)s”检查完了，请看结果。"} < set(notices(trainer))
    with unit_of_work(), pytest.raises(ForbiddenError):
        accept(ids_in_review(batch), trainer, tick())
    with unit_of_work():
        assert service.accept_all(batch, other, tick())
    assert not ids_in_review(batch) and "试题文件“%(file)s”里的%(n)s题已经采用。" in notices(trainer)
    (title, parent) = (
        session()
        .execute(
            sa.select(Topic.title, Topic.parent_id)
            .join(Question, Question.topic_id == Topic.id)
            .where(Question.origin == "own")
            .limit(1)
        )
        .one()
    )
    assert title == "退货" and session().get_one(Topic, parent).title == "售后"


def test_what_the_bank_has_active_or_waiting_is_a_duplicate(bank, trainer, other, tick) -> None:
    first = uploaded(sheet(good(3)), trainer, tick)
    confirmed(first, trainer, tick)
    again = uploaded(sheet(good(5)), trainer, tick)
    assert found(again).counts["in_bank"] == 3 and found(again).counts["new"] == 2
    with unit_of_work():
        service.accept_all(first, other, tick())
    with unit_of_work():
        session().execute(sa.update(QuestionText).values(meaning=""))  # stored before meanings were kept
    third = uploaded(sheet(good(5)), trainer, tick)
    assert found(third).counts["in_bank"] == 3
    (one, *_rest) = queries.items(third, "duplicate")
    assert one.data["in_bank"] and queries.in_use("own", [one.data["of"]]) == {one.data["of"]}


def test_a_waiting_question_without_a_kept_meaning_is_known_too(bank, trainer, tick) -> None:
    confirmed(uploaded(sheet(good(3)), trainer, tick), trainer, tick)
    with unit_of_work():
        session().execute(sa.update(QuestionText).values(meaning=""))
    assert found(uploaded(sheet(good(3)), trainer, tick)).counts["in_bank"] == 3


def test_an_id_that_the_bank_uses_for_another_question_is_a_fault(bank, trainer, tick) -> None:
    (taken, *_rest) = session().scalars(sa.select(Question.ref))
    rows = [(*good(1)[0], taken)]
    batch = uploaded(sheet(rows, (*HEAD, "编号")), trainer, tick)
    (fault,) = queries.items(batch, "fault")
    assert taken in fault.text and "题库里已经有了" in fault.text


def test_what_came_in_between_looking_and_writing_is_not_written_twice(bank, trainer, tick) -> None:
    one, two = uploaded(sheet(good(4)), trainer, tick), uploaded(sheet(good(3)), trainer, tick)
    confirmed(two, trainer, tick)
    confirmed(one, trainer, tick)
    assert found(one).line.imported == 1 and stored() == (4, 4)
    assert found(one).counts["in_bank"] == 3 and len(queries.items(one, "duplicate")) == 3


def test_a_bank_is_made_when_its_import_is_written_and_not_before(trainer, tick) -> None:
    batch = uploaded(sheet(good(2, topic="")), trainer, tick, bank="fresh", title="新题库")
    assert session().scalar(sa.select(Bank)) is None
    confirmed(batch, trainer, tick)
    assert session().scalars(sa.select(Bank.title)).all() == ["新题库"] and stored() == (2, 2)
    with unit_of_work(), pytest.raises(ConflictError, match="已经有题库"):
        service.upload(Upload("fresh", "另一个", "a.xlsx", b"x"), trainer, "", tick())
    with unit_of_work(), pytest.raises(DomainError, match="没有题库"):
        service.upload(Upload("nowhere", "", "a.xlsx", b"x"), trainer, "", tick())


def test_a_bank_made_by_somebody_meanwhile_ends_the_writing_with_words(trainer, tick) -> None:
    one = uploaded(sheet(good(2)), trainer, tick, bank="fresh", title="新题库")
    two = uploaded(sheet(good(2, start=9)), trainer, tick, bank="fresh", title="新题库")
    confirmed(one, trainer, tick)
    confirmed(two, trainer, tick)
    assert found(two).line.state == "checked" and "已经有题库" in found(two).why and stored() == (2, 2)


def test_topics_go_where_one_chose(bank, trainer, tick) -> None:
    for placing, made in (("known", 0), ("default", 0), ("file", 2)):
        before = session().scalar(sa.select(sa.func.count()).select_from(Topic))
        batch = uploaded(sheet(good(2, start=10 * len(placing))), trainer, tick)
        confirmed(batch, trainer, tick, placing)
        assert session().scalar(sa.select(sa.func.count()).select_from(Topic)) - before == made


def test_unknown_headings_are_asked_for_once_and_remembered(bank, trainer, tick) -> None:
    raw = sheet(good(3), ODD)
    batch = uploaded(raw, trainer, tick)
    asked = found(batch)
    assert asked.line.state == "asking" and not asked.why
    assert [each["heading"] for each in asked.columns] == list(ODD)
    assert asked.columns[1]["samples"][0] == "第1号商品几天内可以退？"
    said = dict(zip(ODD, (*HEAD[:-1], ""), strict=True))
    with unit_of_work():
        service.name_columns(batch, said, trainer, "", tick())
    service.work_through(tick)
    assert found(batch).line.state == "checked" and found(batch).counts["new"] == 3
    again = uploaded(raw, trainer, tick)
    assert found(again).line.state == "checked" and found(again).mapping == said
    assert session().scalar(sa.select(sa.func.count()).select_from(HeaderMapping)) == 1
    with unit_of_work():
        service.rename_columns(again, trainer, "", tick())
    service.work_through(tick)
    assert found(again).line.state == "asking" and found(again).mapping == said


def test_one_unknown_column_is_asked_for_even_where_the_others_are_enough(bank, trainer, tick) -> None:
    batch = uploaded(sheet(good(2), (*HEAD[:-1], "备忘")), trainer, tick)
    assert found(batch).line.state == "asking"
    with unit_of_work():
        service.name_columns(batch, {"备忘": "", "没有的列": "题干"}, trainer, "", tick())
    service.work_through(tick)
    assert found(batch).counts["new"] == 2 and found(batch).counts["fault"] == 0


def test_a_mapping_that_is_not_enough_is_asked_again(bank, trainer, tick) -> None:
    batch = uploaded(sheet(good(2), ODD), trainer, tick)
    with unit_of_work():
        service.name_columns(batch, {"问法": "题干"}, trainer, "", tick())
    service.work_through(tick)
    assert found(batch).line.state == "asking" and "答案" in found(batch).why


def test_failed_rows_come_back_mend_and_come_in(bank, trainer, tick) -> None:
    batch = uploaded(sheet([*good(2), *bad(2)]), trainer, tick)
    book = CalamineWorkbook.from_filelike(io.BytesIO(queries.failed_workbook(batch)))
    head, *rows = book.get_sheet_by_index(0).to_python()
    assert head[0] == "原因" and len(rows) == 2 and "第4行" in rows[0][0]
    mended = [
        tuple("A" if name == "答案" else cell for name, cell in zip(head, row, strict=True)) for row in rows
    ]
    again = uploaded(sheet(mended, tuple(head)), trainer, tick)
    assert found(again).counts["new"] == 2 and found(again).counts["fault"] == 0


def test_faults_of_a_text_come_back_with_place_and_reason(bank, trainer, tick) -> None:
    text = "1. 先做什么？\nA. 道歉\nB. 查单\n答案：C\n2. 再做什么？\nA. 道歉\nB. 查单\n答案：A\n"
    batch = uploaded(text.encode(), trainer, tick, name="题.txt")
    head, row = (
        CalamineWorkbook.from_filelike(io.BytesIO(queries.failed_workbook(batch)))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert head == ["原因", "位置"] and "C" in row[0]


@pytest.mark.parametrize(
    ("raw", "name", "words"),
    [
        (b"\x00\x01\x02nothing", "a.bin", "格式"),
        (b'<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>', "a.xml", "DOCTYPE"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(bank, trainer, tick, raw, name, words) -> None:
    batch = uploaded(raw, trainer, tick, name=name)
    assert found(batch).line.state == "refused" and words in found(batch).why
    assert session().scalar(sa.select(ImportFile)) is None
    with unit_of_work(), pytest.raises(ConflictError):
        service.cancel(batch, trainer, tick())


def test_an_empty_or_too_big_file_is_refused_at_once(bank, trainer, tick) -> None:
    for raw, words in ((b" \n", "空的"), (b"x" * 10_000_001, "10MB")):
        with unit_of_work(), pytest.raises(DomainError, match=words):
            service.upload(Upload("own", "", "a.txt", raw), trainer, "", tick())


def test_an_import_belongs_to_who_brought_it(bank, trainer, other, tick) -> None:
    batch = uploaded(sheet(good(1)), trainer, tick)
    with pytest.raises(NotFoundError):
        queries.import_sheet(batch, other)
    for act in (
        lambda: service.cancel(batch, other, tick()),
        lambda: service.confirm(batch, service.Choice("file", ""), other, "", tick()),
    ):
        with unit_of_work(), pytest.raises(NotFoundError):
            act()
    with unit_of_work(), pytest.raises(ConflictError, match="还没有写入"):
        service.accept_all(batch, other, tick())


def test_cancelled_leaves_nothing(bank, trainer, tick) -> None:
    batch = uploaded(sheet(good(2)), trainer, tick)
    with unit_of_work():
        service.cancel(batch, trainer, tick())
    assert found(batch).line.state == "cancelled"
    assert session().scalar(sa.select(ImportItem)) is None and session().scalar(sa.select(ImportFile)) is None
    with unit_of_work(), pytest.raises(ConflictError):
        service.confirm(batch, service.Choice("file", ""), trainer, "", tick())


def test_cancelled_while_it_is_written_leaves_nothing(bank, trainer, tick, monkeypatch) -> None:
    batch = uploaded(sheet(good(5)), trainer, tick)
    original = writing.question_of

    def cancelled_meanwhile(draft, name):
        if found(batch).line.state == "writing":
            with unit_of_work():
                service.cancel(batch, trainer, tick())
        return original(draft, name)

    monkeypatch.setattr(writing, "question_of", cancelled_meanwhile)
    confirmed(batch, trainer, tick)
    assert found(batch).line.state == "cancelled" and stored() == (0, 0)


def test_an_error_of_ours_in_the_middle_of_writing_leaves_nothing(bank, trainer, tick, monkeypatch) -> None:
    batch = uploaded(sheet(good(5)), trainer, tick)
    monkeypatch.setattr(writing, "_AT_ONCE", 2)
    original, calls = writing.bring_in, []

    def broken(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise RuntimeError("the disk is full")
        return original(*arguments)

    monkeypatch.setattr(writing, "bring_in", broken)
    confirmed(batch, trainer, tick)
    assert len(calls) == 2 and stored() == (0, 0)
    assert found(batch).line.state == "refused" and "什么也没有写入" in found(batch).why


def test_silent_work_is_taken_up_again_and_only_by_one(bank, trainer, clock, tick) -> None:
    with unit_of_work():
        batch = service.upload(Upload("own", "", "a.xlsx", sheet(good(2))), trainer, "dead", tick()).id
    assert service.work_through(tick) == 0
    clock.move(timedelta(seconds=61))
    with unit_of_work():
        assert take_one("one", tick()) == batch
    with unit_of_work():
        assert take_one("two", tick()) is None
    late = service.Work(batch, "dead", tick)
    service.work_on(late, tell=False)  # the first one lives after all: what it works out is thrown away
    assert found(batch).line.state == "checking"
    service.work_on(service.Work(batch, "one", tick), tell=False)
    assert found(batch).line.state == "checked"


def test_many_are_accepted_in_the_background_unit_by_unit(bank, trainer, other, tick, monkeypatch) -> None:
    monkeypatch.setattr(accepting, "AT_ONCE", 2)
    batch = uploaded(sheet(good(5)), trainer, tick)
    confirmed(batch, trainer, tick)
    with unit_of_work(), pytest.raises(ForbiddenError):
        service.accept_all(batch, trainer, tick())
    with unit_of_work():
        assert not service.accept_all(batch, other, tick())
    assert found(batch).line.state == "accepting"
    (broken, *_rest) = ids_in_review(batch)
    with unit_of_work():
        session().execute(sa.update(QuestionDraft).where(QuestionDraft.id == broken).values(fields={}))
    service.work_through(tick)
    assert found(batch).line.state == "done" and ids_in_review(batch) == [broken]
    with unit_of_work(), pytest.raises(DomainError):
        service.accept_all(batch, other, tick())


def test_imports_nobody_confirmed_end_after_a_month(bank, trainer, clock, tick) -> None:
    batch = uploaded(sheet(good(1)), trainer, tick)
    clock.move(timedelta(days=31))
    with unit_of_work():
        assert service.cancel_old(tick()) == 1
    assert found(batch).line.state == "cancelled"


def test_too_many_open_imports_are_refused(bank, trainer, tick) -> None:
    for _ in range(20):
        with unit_of_work():
            service.upload(Upload("own", "", "a.xlsx", b"x"), trainer, "w", tick())
    with unit_of_work(), pytest.raises(DomainError, match="20"):
        service.upload(Upload("own", "", "a.xlsx", b"x"), trainer, "w", tick())


KILLED = """
import os, signal, sys
from cstrain.app import create_app
from cstrain.extensions import now
from cstrain.questions.intake import service
from cstrain.questions.intake.service import writing
from tests.conftest import settings_for
app = create_app(settings_for(sys.argv[1]))
original, calls = writing.bring_in, []
def dying(*arguments):
    calls.append(arguments)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return original(*arguments)
writing.bring_in, writing._AT_ONCE = dying, 2
with app.app_context():
    service.work_through(now)
"""


def test_a_process_killed_in_the_middle_of_writing_leaves_nothing_and_another_one_ends_it(
    bank, trainer, clock, tick, database_url
) -> None:
    batch = uploaded(sheet(good(5)), trainer, tick)
    with unit_of_work():
        service.confirm(batch, service.Choice("file", ""), trainer, "", tick())
    url = str(sa.make_url(database_url).render_as_string(hide_password=False))
    died = subprocess.run([sys.executable, "-c", KILLED, url], env={**os.environ}, check=False)
    assert died.returncode == -signal.SIGKILL
    assert stored() == (0, 0) and found(batch).line.state == "writing"
    held = session().scalar(sa.select(ImportBatch.worker))
    assert held and held != new_token()
    with unit_of_work():
        session().execute(sa.update(ImportBatch).values(seen_at=tick() - timedelta(seconds=61)))
    service.work_through(tick)
    assert found(batch).line.state == "done" and stored() == (5, 5)
