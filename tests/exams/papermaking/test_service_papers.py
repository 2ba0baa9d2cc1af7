"""A paper's road by two people: saved without overwriting, submitted, approved or sent back, withdrawn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from cstrain.exams import queries as exams
from cstrain.exams.models import Paper
from cstrain.exams.papermaking import queries, service
from cstrain.exams.papermaking.facts import Stage
from cstrain.exams.papermaking.models import PaperDraft, PaperDraftPart
from cstrain.exams.service.papers import load_papers, shipped_papers
from cstrain.extensions import db
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories import papermaking as road
from tests.factories.people import make_person
from tests.factories.questions import load_shipped_banks

pytestmark = pytest.mark.usefixtures("context")
REF = "own-tea-basics"


@pytest.fixture
def cast(context):
    make.make_bank(each=8)
    return {
        "author": make_person("周明", roles=["trainer"]),
        "mate": make_person("李静", roles=["trainer"]),
        "boss": make_person("何芳", roles=["supervisor"]),
        "person": make_person("林晓雯"),
    }


def test_an_approved_paper_can_be_sat(cast) -> None:
    ref = road.approved(cast["author"], cast["boss"])
    assert ref == REF
    paper = exams.paper(ref, START)
    assert (paper.edition, paper.title, paper.questions) == (1, "茶饮基础", 10)
    sitting = make.make_sitting([cast["person"]], ref)
    attempt = make.make_attempt(cast["person"], sitting)
    assert len(exams.markable_slots(attempt)) == 10
    one = queries.history(ref)[0]
    assert one.stage is Stage.APPROVED and one.approved_by == cast["boss"]


def test_a_paper_picked_by_hand_asks_everybody_the_same_in_the_same_order(cast) -> None:
    ref = road.approved(cast["author"], cast["boss"], road.by_hand(50), road.NEW._replace(way="hand"))
    sitting = make.make_sitting([cast["person"], cast["mate"]], ref)
    asked = []
    for person in (cast["person"], cast["mate"]):
        slots = exams.markable_slots(make.make_attempt(person, sitting))
        asked.append([slot.version_id for slot in slots])
    assert asked[0] == asked[1] and len(asked[0]) == 2


def test_nobody_overwrites_a_newer_save(cast) -> None:
    draft = road.begin(cast["author"])
    with unit_of_work():
        assert service.save(cast["mate"], START, draft, 2, road.content(title="李静改的")) == 3
    with pytest.raises(ConflictError, match="别人保存过"), unit_of_work():
        service.save(cast["author"], START, draft, 2, road.content(title="周明改的"))
    with pytest.raises(ConflictError, match="别人保存过"), unit_of_work():
        service.submit(cast["author"], START, draft, 2)
    assert queries.draft(draft).content.title == "李静改的"
    assert queries.draft(draft).writers == {cast["author"], cast["mate"]}


def test_whoever_had_a_part_in_it_cannot_approve_it(cast) -> None:
    draft = road.begin(cast["author"])
    with unit_of_work():
        service.save(cast["mate"], START, draft, 2, road.content())
        service.save(cast["author"], START, draft, 3, road.content())
        service.submit(cast["author"], START, draft, 4)
    for person in (cast["author"], cast["mate"]):
        with pytest.raises(ForbiddenError, match="另一个人"), unit_of_work():
            service.approve(person, START, draft)
    with unit_of_work():
        assert service.approve(cast["boss"], START, draft) == 1
    with pytest.raises(ConflictError), unit_of_work():
        service.approve(cast["boss"], START, draft)


def test_the_database_holds_that_two_people_are_needed(cast) -> None:
    draft = road.submitted(cast["author"])
    paper = make.make_paper()
    paper_id = db.session.scalar(sa.select(Paper.id).where(Paper.ref == paper))
    values = {"approved_by": cast["author"], "approved_at": START, "paper_id": paper_id}
    with pytest.raises(sa.exc.IntegrityError), unit_of_work() as session:
        session.execute(sa.update(PaperDraft).where(PaperDraft.id == draft).values(**values))
    part = {"draft_id": draft, "person_id": cast["author"], "part": "approved"}
    with pytest.raises(sa.exc.IntegrityError), unit_of_work() as session:
        session.execute(sa.insert(PaperDraftPart).values(**part))


def test_an_unfinished_draft_is_kept_and_not_submitted(cast) -> None:
    draft = road.begin(cast["author"], road.content(sections=()))
    with pytest.raises(DomainError, match="还没有题目"), unit_of_work():
        service.submit(cast["author"], START, draft, 2)
    with pytest.raises(DomainError, match="还没有编完"):
        queries.form_of(queries.draft(draft), 1)


def test_a_draft_is_sent_back_with_a_reason_and_submitted_again(cast) -> None:
    draft = road.submitted(cast["author"])
    with pytest.raises(ForbiddenError), unit_of_work():
        service.send_back(cast["author"], START, draft, "不好")
    with pytest.raises(DomainError, match="为什么"), unit_of_work():
        service.send_back(cast["boss"], START, draft, "  ")
    with unit_of_work():
        service.send_back(cast["boss"], START, draft, "及格线太低")
    one = queries.draft(draft)
    assert (one.stage, one.reason, one.returned_by) == (Stage.WRITTEN, "及格线太低", cast["boss"])
    with unit_of_work():
        service.submit(cast["author"], START, draft, one.revision)
    assert queries.draft(draft).reason == ""
    with unit_of_work():
        service.take_back(cast["author"], draft)
        service.drop(cast["author"], START, draft)
    assert queries.draft(draft).stage is Stage.DROPPED and queries.drafts() == []
    with pytest.raises(ConflictError), unit_of_work():
        service.save(cast["author"], START, draft, 2, road.content())


def test_only_who_wrote_it_takes_a_draft_back(cast) -> None:
    draft = road.submitted(cast["author"])
    with pytest.raises(ForbiddenError, match="取回"), unit_of_work():
        service.take_back(cast["boss"], draft)


def test_a_name_is_taken_once_and_must_be_latin(cast) -> None:
    road.begin(cast["author"])
    with pytest.raises(DomainError, match="已经有人用"), unit_of_work():
        service.begin(cast["mate"], START, road.NEW)
    with pytest.raises(DomainError, match="小写字母"), unit_of_work():
        service.begin(cast["mate"], START, road.NEW._replace(name="茶饮"))


def test_a_changed_paper_is_the_next_edition_and_never_earlier_than_the_one_before(cast) -> None:
    later = road.content(effective_from=road.TODAY + timedelta(days=5))
    ref = road.approved(cast["author"], cast["boss"], later)
    with unit_of_work():
        draft = service.change(cast["mate"], START, ref)
    with pytest.raises(ConflictError, match="已经有一份草稿"), unit_of_work():
        service.change(cast["author"], START, ref)
    changed = queries.draft(draft).content.changed(title="茶饮基础（二）", effective_from=road.TODAY)
    with unit_of_work():
        service.save(cast["mate"], START, draft, 1, changed)
        service.submit(cast["mate"], START, draft, 2)
        assert service.approve(cast["boss"], START, draft) == 2
    newest = queries.newest_spec(ref)
    assert newest is not None and newest.edition == 2 and newest.effective_from == later.effective_from
    assert [paper.ref for paper in exams.papers_to_sit(START)] == []  # not before its day
    assert [paper.edition for paper in exams.papers_to_sit(START + timedelta(days=6))] == [2]


def test_a_day_that_has_passed_when_it_is_approved_becomes_today(cast) -> None:
    draft = road.submitted(cast["author"])
    with unit_of_work():
        service.approve(cast["boss"], START + timedelta(days=9), draft)
    spec = queries.newest_spec(REF)
    assert spec is not None and spec.effective_from == date(2026, 11, 29)


def test_shipped_papers_are_copied_and_not_changed_or_withdrawn(cast) -> None:
    make.make_paper("tiny-exam", partial=True)
    with pytest.raises(DomainError, match="随系统提供"), unit_of_work():
        service.change(cast["author"], START, "tiny-exam")
    with pytest.raises(DomainError, match="随系统提供"), unit_of_work():
        service.withdraw(cast["author"], START, "tiny-exam", "不用了")
    with unit_of_work():
        draft = service.begin(cast["author"], START, road.NEW._replace(copy_of="tiny-exam"))
    one = queries.draft(draft)
    assert one.ref == REF and one.content.partial and one.content.title == "茶饮基础"
    assert queries.standing(one.content).problems == ()


def test_a_withdrawn_paper_is_sat_no_more_and_what_is_arranged_goes_on(cast) -> None:
    ref = road.approved(cast["author"], cast["boss"])
    sitting = make.make_sitting([cast["person"]], ref)
    with unit_of_work():
        service.withdraw(cast["author"], START, ref, "换新版")
    with pytest.raises(DomainError, match="已经停用"):
        make.make_sitting([cast["mate"]], ref)
    assert make.make_attempt(cast["person"], sitting)
    assert [paper.ref for paper in exams.papers_to_sit(START)] == []
    with pytest.raises(ConflictError, match="已经停用了"), unit_of_work():
        service.withdraw(cast["mate"], START, ref, "再停一次")
    with pytest.raises(DomainError, match="已经停用"), unit_of_work():
        service.change(cast["author"], START, ref)


def test_loading_the_shipped_papers_leaves_own_ones_alone(cast) -> None:
    ref = road.approved(cast["author"], cast["boss"])
    before = queries.newest_spec(ref)
    with unit_of_work():
        assert load_papers(START) > 0
    with unit_of_work():
        assert load_papers(START) == 0
    assert queries.newest_spec(ref) == before
    assert not any(spec.ref.startswith("own-") for spec in shipped_papers())


def test_a_copy_of_a_shipped_paper_can_be_submitted_as_it_is(context) -> None:
    load_shipped_banks()
    author = make_person("周明", roles=["trainer"])
    for at, ref in enumerate(["quiz-day-1", "conversion-oa"]):
        with unit_of_work():
            draft = service.begin(author, START, road.NEW._replace(name=f"copy-{at}", copy_of=ref))
        with unit_of_work():
            service.submit(author, START, draft, 1)
