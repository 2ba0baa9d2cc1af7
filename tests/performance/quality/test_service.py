"""From chats to the monthly sheet: drawn once, rated blind, published weekly, contested, compiled."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError

from cstrain.documents.tables import write_csv, write_xlsx
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.notifications.queries import unread as unread_count
from cstrain.performance.quality import jobs, queries, rules, service
from cstrain.performance.quality.facts import Side
from cstrain.performance.quality.models import (
    ChatBatch,
    ChatRecord,
    QualityRating,
    QualityReply,
    QualitySheet,
    SampleChat,
    SampleDay,
)
from cstrain.unit_of_work import unit_of_work
from tests.factories import quality as make
from tests.factories.people import make_department, make_person
from tests.factories.quality import AFTER, WEEK, at, points
from tests.racing import race

HEAD = ["会话编号", "客服工号", "顾客", "说话人", "时间", "内容"]
CLOSES = at(date(2026, 12, 21))


@pytest.fixture
def qc(context) -> list[int]:
    place = make_department("质检组")
    return [make_person(name, roles=["qc"], department=place) for name in ("叶蓁", "邓文博")]


@pytest.fixture
def manager(context) -> int:
    return make_person("田雨", roles=["qc_manager"], department=make_department("质检组"))


@pytest.fixture
def agent(context) -> int:
    return make_person("林晓雯", "K100", track="basic")


def rows_of(model) -> list:
    with unit_of_work() as db:
        return db.query(model).order_by(model.id).all()


def upload(actor: int, *lines: tuple[str, ...], now=AFTER) -> int:
    with unit_of_work():
        return service.upload_chats(actor, now, write_csv([HEAD, *lines]), "会话.csv")


LINE = ("A1", "K100", "小河", "顾客", "2026-11-09 10:00:05", "在吗，电话13812345678")
ANSWER = ("A1", "", "", "客服", "2026-11-09 10:00:20", "在的")


# coming in


def test_a_file_is_checked_first_and_entered_as_a_whole(qc, agent) -> None:
    batch = upload(qc[0], LINE, ANSWER)
    assert rows_of(ChatRecord) == []
    facts = queries.batch(qc[0], batch)
    assert (facts.lines, facts.number, dict(facts.people), facts.first_day) == (2, 1, {agent: 1}, WEEK)
    with unit_of_work():
        assert service.confirm_chats(qc[0], AFTER, batch) == (1, 0)
    (chat,) = rows_of(ChatRecord)
    assert (chat.agent_id, chat.day, chat.week, chat.customer, chat.late) == (
        agent,
        WEEK,
        WEEK,
        "小***",
        False,
    )
    assert "13812345678" not in str(chat.lines) and chat.source == "import"
    assert rows_of(ChatBatch)[0].chats == []
    with pytest.raises(ConflictError), unit_of_work():
        service.confirm_chats(qc[0], AFTER, batch)
    with pytest.raises(NotFoundError):
        queries.batch(qc[1], batch)


def test_a_chat_is_entered_once_and_never_changed(qc, agent) -> None:
    for batch in (upload(qc[0], LINE), upload(qc[1], LINE)):
        with unit_of_work():
            service.confirm_chats(rows_of(ChatBatch)[batch - 1].uploaded_by, AFTER, batch)
    assert len(rows_of(ChatRecord)) == 1
    assert queries.batch(qc[0], upload(qc[0], LINE)).known == 1
    other = queries.batch(qc[0], upload(qc[0], (*LINE[:-1], "说了别的")))
    assert "内容不一样" in other.faults[0].text and other.number == 1
    with pytest.raises(DomainError), unit_of_work():
        service.confirm_chats(qc[0], AFTER, other.id)


def test_what_became_known_with_other_words_meanwhile_is_refused(qc, agent) -> None:
    first, second = upload(qc[0], LINE), upload(qc[1], (*LINE[:-1], "说了别的"))
    with unit_of_work():
        service.confirm_chats(qc[0], AFTER, first)
    with pytest.raises(ConflictError, match="检查之后"), unit_of_work():
        service.confirm_chats(qc[1], AFTER, second)


def test_a_checked_file_waits_for_a_day_or_is_thrown_away(qc, agent) -> None:
    old, thrown = upload(qc[0], LINE), upload(qc[0], LINE)
    with pytest.raises(ConflictError, match="超过一天"), unit_of_work():
        service.confirm_chats(qc[0], AFTER + timedelta(hours=24, seconds=1), old)
    with unit_of_work():
        service.discard_chats(qc[0], AFTER, thrown)
    with pytest.raises(ConflictError), unit_of_work():
        service.discard_chats(qc[0], AFTER, thrown)


def test_thirty_thousand_lines_are_read_from_a_workbook(qc, agent) -> None:
    lines = [
        [f"A{n // 10}", "K100", "小河", "顾客", f"2026-11-09 10:{n % 60:02d}:05", "在吗"]
        for n in range(30_000)
    ]
    with unit_of_work():
        batch = service.upload_chats(qc[0], AFTER, write_xlsx([HEAD, *lines]), "会话.xlsx")
    assert queries.batch(qc[0], batch).number == 3_000
    with unit_of_work():
        assert service.confirm_chats(qc[0], AFTER, batch) == (3_000, 0)


def test_too_many_lines_are_refused_before_they_are_read(qc) -> None:
    with pytest.raises(DomainError, match="50001行"), unit_of_work():
        service.upload_chats(qc[0], AFTER, write_csv([HEAD, *([LINE] * 50_001)]), "会话.csv")


def test_nobody_enters_their_own_chats(qc) -> None:
    with pytest.raises(ForbiddenError):
        make.make_chat(qc[0], by=qc[0])
    with pytest.raises(DomainError, match="还没有到"):
        make.make_chat(qc[0], by=qc[1], day=date(2026, 11, 17))
    make.make_chat(qc[0], by=qc[1], code="")
    assert rows_of(ChatRecord)[0].code.startswith("H-")
    with pytest.raises(IntegrityError), unit_of_work() as db:
        db.query(ChatRecord).update({"entered_by": qc[0]})


# drawing


def test_five_are_drawn_by_a_seed_that_anybody_can_repeat(agent) -> None:
    chats = make.make_chats(agent, 8)
    assert make.draw(agent, seed="abc") == 5
    (day,) = rows_of(SampleDay)
    assert sorted(day.pool) == sorted(chats) and day.most == 5
    assert tuple(one.chat_id for one in rows_of(SampleChat)) == rules.drawn("abc", day.pool, 5)


def test_a_day_is_drawn_once_and_late_chats_do_not_change_it(agent, qc) -> None:
    make.make_chats(agent, 3)
    assert make.draw(agent) == 3
    late = make.make_chat(agent)
    assert len(rows_of(SampleChat)) == 3 and rows_of(ChatRecord)[-1].late
    with pytest.raises(ConflictError):
        make.draw(agent)
    lines, total = queries.late_chats(qc[0], date(2026, 11, 20), 1)
    assert ([one.id for one in lines], total) == ([late], 1)
    assert queries.late_chats(agent, date(2026, 11, 20), 1) == ([], 0)


def test_days_without_chats_and_ones_own_are_not_drawn(agent, qc) -> None:
    with pytest.raises(DomainError, match="没有会话"):
        make.draw(agent)
    make.make_chat(qc[0], by=qc[1])
    with pytest.raises(ForbiddenError), unit_of_work():
        service.draw(qc[0], AFTER, qc[0], WEEK, "seed")


def test_each_morning_the_day_before_is_drawn_and_its_watchers_are_told(agent, qc) -> None:
    leader = make_person("组长", roles=["group_leader"])
    star = make_person("石磊", track="vip")
    for one in (agent, star):
        make.make_chats(one, 2, date(2026, 11, 12), by=qc[0])
        make.make_chat(one, date(2026, 11, 13), by=qc[0])
    assert jobs.run(at(date(2026, 11, 13), 5, 59)) == 0
    assert jobs.run(at(date(2026, 11, 13), 6)) == 2
    assert jobs.run(at(date(2026, 11, 13), 12)) == 0
    assert len(rows_of(SampleChat)) == 4 and len({day.seed for day in rows_of(SampleDay)}) == 2
    assert (unread_count(leader), unread_count(qc[0]), unread_count(agent)) == (1, 1, 0)
    assert jobs.run(AFTER) == 2


def test_two_who_draw_at_once_draw_once(app, agent) -> None:
    make.make_chats(agent, 8)
    each = [partial(service.draw, None, AFTER, agent, WEEK, seed) for seed in ("a", "b")]
    won, refused = race(app, *each)
    assert won == [5] and len(refused) == 1 and len(rows_of(SampleChat)) == 5


# rating


def test_a_rating_is_blind_random_and_exact(agent, qc) -> None:
    make.make_chats(agent, 5)
    make.draw(agent)
    assert [queries.waiting_count(one, AFTER) for one in (*qc, agent)] == [5, 5, 0]
    rating = make.take(qc[0])
    assert make.take(qc[0]) == rating and queries.queues(qc[0], AFTER)[0].draft == rating
    sheet = queries.sheet(rating, qc[0], AFTER)
    assert sheet.state == "open" and sheet.share is None
    with unit_of_work():
        service.keep(qc[0], AFTER, rating, {"need": Decimal("3.5")}, "先看到这里")
    with pytest.raises(DomainError, match="还没有打完"), unit_of_work():
        service.finish(qc[0], AFTER, rating, {"need": Decimal(4)}, "")
    for wrong in ({"need": Decimal("3.3")}, {"need": Decimal(99)}, {"none": Decimal(1)}):
        with pytest.raises(DomainError), unit_of_work():
            service.keep(qc[0], AFTER, rating, wrong, "")
    with unit_of_work():
        service.finish(qc[0], AFTER, rating, {**points(), "need": Decimal(4)}, "需求没问清")
    assert queries.sheet(rating, qc[0], AFTER).share == Fraction(88, 100)
    for act in (queries.sheet, lambda *_: service.keep(qc[1], AFTER, rating, points(), "")):
        with pytest.raises(NotFoundError):
            act(rating, qc[1], AFTER)


def test_nobody_rates_their_own_and_vip_agents_have_their_queue(agent, qc) -> None:
    star = make_person("石磊", track="vip")
    for one in (qc[0], star):
        make.make_chat(one, by=qc[1])
        make.draw(one)
    assert make.take(qc[0]) is None
    assert [(queue.side, queue.waiting) for queue in queries.queues(qc[0], AFTER)] == [(Side.VIP, 1)]
    assert [queue.side for queue in queries.queues(qc[1], AFTER)] == [Side.VIP, Side.BASIC]
    rating = make.rate(qc[1])
    with pytest.raises(IntegrityError), unit_of_work() as db:
        db.query(QualityRating).filter_by(id=rating).update({"rater_id": qc[0]})


def test_two_raters_get_two_chats(app, agent, qc) -> None:
    make.make_chats(agent, 2)
    make.draw(agent)
    won, refused = race(app, *(partial(service.take, one, AFTER, WEEK, Side.BASIC) for one in qc))
    assert len(set(won)) == 2 and refused == []
    assert len({row.sample_id for row in rows_of(QualityRating)}) == 2


def test_what_is_given_back_or_lies_for_a_day_goes_to_somebody_else(agent, qc) -> None:
    make.make_chat(agent)
    make.draw(agent)
    rating = make.take(qc[0])
    with pytest.raises(DomainError), unit_of_work():
        service.give_back(qc[0], AFTER, rating, "stale")
    with unit_of_work():
        service.give_back(qc[0], AFTER, rating, "known")
    assert make.take(qc[0]) is None
    with pytest.raises(ConflictError, match="已经交回"), unit_of_work():
        service.finish(qc[0], AFTER, rating, points(), "")
    held = make.take(qc[1])
    third = make_person("第三人", roles=["qc"])
    assert make.take(third, now=AFTER + timedelta(hours=24)) is None
    again = make.take(third, now=AFTER + timedelta(hours=24, seconds=1))
    assert again not in (None, held) and queries.sheet(held, qc[1], AFTER).state == "returned"


def test_a_rater_rates_again_before_the_publication_and_the_first_stays(agent, qc, manager) -> None:
    make.make_chat(agent)
    make.draw(agent)
    first = make.rate(qc[0], "0.5")
    with unit_of_work():
        second = service.revise(qc[0], AFTER, first)
    with pytest.raises(ConflictError), unit_of_work():
        service.revise(qc[0], AFTER, first)
    assert [day for _rating, day in queries.current_ratings()] and rows_of(QualityRating)[0].share
    with unit_of_work():
        service.finish(qc[0], AFTER, second, points(), "重新听了一遍")
    ((current, _day),) = queries.current_ratings()
    assert current.id == second and current.share == "1" and rows_of(QualityRating)[0].share != "1"
    make.publish(manager)
    with pytest.raises(ConflictError), unit_of_work():
        service.revise(qc[0], AFTER, second)


# publishing


def test_a_week_is_published_once_it_is_over_drawn_and_rated(agent, qc, manager) -> None:
    make.make_chats(agent, 2)
    with pytest.raises(DomainError, match="没抽取"):
        make.publish(manager)
    make.draw(agent)
    with pytest.raises(DomainError, match="还没有过完"):
        make.publish(manager, now=at(date(2026, 11, 15), 23, 59))
    with pytest.raises(DomainError, match="周一"):
        make.publish(manager, date(2026, 11, 10))
    make.rate(qc[0])
    half = make.take(qc[0])
    with pytest.raises(DomainError, match="还有1通"):
        make.publish(manager)
    assert queries.published_lines(agent) == ([], 0)
    assert make.publish(manager, gaps=True) == 1 and unread_count(agent) == 1
    with pytest.raises(ConflictError):
        make.publish(manager, gaps=True)
    with pytest.raises(ConflictError, match="已经公布"), unit_of_work():
        service.finish(qc[0], AFTER, half, points(), "")
    assert queries.sheet(half, qc[0], AFTER).state == "missed" and make.take(qc[1]) is None
    ((line,), total) = queries.published_lines(agent)
    assert (line.share, line.contest, total) == (1, "", 1)


def test_after_the_publication_nothing_of_the_week_is_drawn(agent, qc, manager) -> None:
    make.published_rating(agent, qc[0], manager)
    make.make_chat(agent, WEEK + timedelta(days=2))
    assert rows_of(ChatRecord)[-1].late and queries.undrawn(date(2026, 11, 20)) == []
    with pytest.raises(ConflictError, match="已经公布"):
        make.draw(agent, WEEK + timedelta(days=2))


def test_who_has_chats_in_a_week_does_not_publish_it(manager, qc) -> None:
    make.make_chat(manager, by=qc[0])
    make.draw(manager)
    make.rate(qc[0])
    with pytest.raises(ForbiddenError, match="你自己的会话"):
        make.publish(manager)


def test_before_the_publication_only_raters_see_results(agent, qc, manager) -> None:
    head = make_person("主管", roles=["supervisor"])
    other = make_person("别处主管", roles=["supervisor"], department=make_department("仓储部"))
    make.make_chat(agent)
    make.draw(agent)
    rating = make.rate(qc[0], "0.5")
    today = date(2026, 11, 20)
    seen = [len(queries.people_of_week(one, WEEK, today)) for one in (qc[1], head, other, agent)]
    assert seen == [1, 0, 0, 0]
    for one in (agent, head):
        with pytest.raises(NotFoundError):
            queries.rated_chat(one, rating)
    make.publish(manager)
    seen = [len(queries.people_of_week(one, WEEK, today)) for one in (qc[1], head, other, agent)]
    assert seen == [1, 1, 0, 0]
    assert queries.rated_chat(head, rating).current.id == rating
    with pytest.raises(NotFoundError):
        queries.rated_chat(other, rating)


# contesting


def contest(agent: int, rating: int, kind: str = "contest", now=AFTER) -> int:
    with unit_of_work():
        return service.reply(agent, now, rating, kind, "顾客自己说了地址，不用再核对")


def decide(actor: int, reply: int, *, upheld: bool, given=None) -> int | None:
    with unit_of_work():
        return service.decide(actor, AFTER, reply, upheld=upheld, decision="重听后", points=given or points())


def test_a_contest_is_decided_by_somebody_else_with_a_new_rating(agent, qc, manager) -> None:
    rating = make.published_rating(agent, manager, qc_manager := make_person("公布人", roles=["qc_manager"]))
    with pytest.raises(NotFoundError):
        contest(qc[0], rating)
    reply = contest(agent, rating)
    with pytest.raises(ConflictError):
        contest(agent, rating)
    today = date(2026, 11, 20)
    assert [queries.contests(one, today, 1, is_open=True)[1] for one in (qc_manager, manager)] == [1, 0]
    with pytest.raises(ForbiddenError, match="你打的分"):
        decide(manager, reply, upheld=True)
    for stranger in (agent, qc[0]):
        with pytest.raises(NotFoundError):
            decide(stranger, reply, upheld=True)
    new = decide(qc_manager, reply, upheld=True)
    found = queries.rated_chat(agent, rating)
    assert [one.share for one in found.ratings] == [Fraction(found.ratings[0].share), 1]
    assert found.current.id == new and found.replies[0].upheld
    ((line,), _total) = queries.published_lines(agent)
    assert line.changed and line.contest == "upheld" and line.rating_id == new
    with pytest.raises(ConflictError, match="已经有人定了"):
        decide(qc_manager, reply, upheld=False)
    with pytest.raises(ConflictError, match="新的打分"):
        contest(agent, rating, "answer")
    with pytest.raises(ConflictError, match="已经提过异议"):
        contest(agent, new)
    assert contest(agent, new, "answer")
    with pytest.raises(IntegrityError), unit_of_work() as db:
        db.query(QualityReply).filter_by(id=reply).update({"decided_by": manager})


def test_a_contest_may_be_turned_down_and_the_rating_stays(agent, qc, manager) -> None:
    rating = make.published_rating(agent, qc[0], manager)
    reply = contest(agent, rating)
    assert decide(manager, reply, upheld=False) is None
    found = queries.rated_chat(agent, rating)
    assert len(found.ratings) == 1 and found.replies[0].upheld is False and unread_count(agent) == 2


def test_a_contest_has_three_working_days_an_answer_has_no_end(agent, qc, manager) -> None:
    rating = make.published_rating(agent, qc[0], manager)  # published on Monday 16 November
    assert queries.rated_chat(agent, rating).contest_until == date(2026, 11, 19)
    with pytest.raises(ConflictError, match="已经过了"):
        contest(agent, rating, now=at(date(2026, 11, 20), 0))
    contest(agent, rating, "answer", now=at(date(2026, 11, 20), 0))
    assert contest(agent, rating, now=at(date(2026, 11, 19), 23, 59))


def test_two_who_decide_at_once_decide_once(app, agent, qc, manager) -> None:
    other = make_person("另一经理", roles=["qc_manager"])
    reply = contest(agent, make.published_rating(agent, qc[0], manager))
    acts = [
        partial(service.decide, one, AFTER, reply, upheld=True, decision="重听", points=points())
        for one in (manager, other)
    ]
    won, refused = race(app, *acts)
    assert len(won) == 1 and len(refused) == 1 and len(rows_of(QualityRating)) == 2


# the month


def close(actor: int, now=CLOSES, month: date = date(2026, 11, 1)) -> int:
    with unit_of_work():
        return service.close_month(actor, now, month)


def test_a_month_is_compiled_from_the_21st_and_frozen(agent, qc, manager) -> None:
    make.make_chats(agent, 3)
    make.draw(agent)
    for share in ("1", "0.5"):
        make.rate(qc[0], share)
    make.publish(manager, gaps=True)
    with pytest.raises(DomainError, match="起才能汇总"):
        close(manager, at(date(2026, 12, 20), 23, 59))
    assert close(manager) == 1
    with pytest.raises(ConflictError):
        close(manager)
    (sheet,) = queries.sheets_of(agent)
    shares = [Fraction(row.share) for row in rows_of(QualityRating)]
    assert (sheet.drawn, sheet.rated, sheet.share) == (3, 2, sum(shares) / 2)
    assert [one.id for one in sheet.criteria] == [one.id for one in queries.shared_rubric().rubric]
    assert {one.n for one in sheet.criteria} == {2}
    assert not queries.month(date(2026, 11, 1)).late
    with pytest.raises(ConflictError, match="已经汇总"):
        contest(agent, rows_of(QualityRating)[0].id)


def test_a_contest_in_time_blocks_the_month_until_it_is_decided(agent, qc, manager) -> None:
    rating = make.published_rating(agent, qc[0], manager)
    reply = contest(agent, rating)
    with pytest.raises(DomainError, match="1个异议"):
        close(manager)
    decide(manager, reply, upheld=True)
    assert close(manager, at(date(2026, 12, 23), 0)) == 1
    (sheet,) = queries.sheets_of(agent)
    assert (sheet.share, sheet.changed) == (1, 1) and queries.month(date(2026, 11, 1)).late


def test_weeks_that_are_not_published_and_ones_own_sheet_block_the_month(agent, qc, manager) -> None:
    make.make_chat(agent)
    make.draw(agent)
    make.rate(qc[0])
    with pytest.raises(DomainError, match="还没有公布"):
        close(manager)
    with pytest.raises(DomainError, match="没有抽取会话"):
        close(manager, month=date(2026, 10, 1))
    make.make_chat(manager, WEEK + timedelta(days=1), by=qc[0])
    make.draw(manager, WEEK + timedelta(days=1))
    make.rate(qc[0])
    other = make_person("另一经理", roles=["qc_manager"])
    make.publish(other)
    with pytest.raises(ForbiddenError, match="你自己的质检结果"):
        close(manager)
    assert close(other) == 2


def test_a_week_over_two_months_belongs_to_both_by_day(agent, qc, manager) -> None:
    week = date(2026, 9, 28)
    for day in (date(2026, 9, 30), date(2026, 10, 1)):
        make.make_chat(agent, day)
        make.draw(agent, day)
    make.rate(qc[0], "1", week=week)
    make.rate(qc[0], "0.5", week=week)
    make.publish(manager, week)
    assert close(manager, month=date(2026, 9, 1)) == close(manager, month=date(2026, 10, 1)) == 1
    assert [(one.month.month, one.drawn) for one in queries.sheets_of(agent)] == [(10, 1), (9, 1)]


def test_a_month_belongs_to_the_department_of_its_last_day(agent, qc, manager) -> None:
    make.published_rating(agent, qc[0], manager)
    close(manager)
    assert rows_of(QualitySheet)[0].department_id == make_department()


def test_nothing_rated_leaves_the_mean_unknown(agent, manager) -> None:
    make.make_chat(agent)
    make.draw(agent)
    make.publish(manager, gaps=True)
    close(manager)
    (sheet,) = queries.sheets_of(agent)
    assert (sheet.rated, sheet.share, sheet.mark, sheet.criteria) == (0, None, None, ())


# efficiency


def test_group_leaders_watch_basic_agents_and_qc_the_vip(agent, qc) -> None:
    leader = make_person("组长", roles=["group_leader"])
    star = make_person("石磊", track="vip")
    for who, wait in ((agent, 10), (agent, 40), (star, 5), (leader, 9)):
        make.make_chat(who, by=qc[0], lines=make.chat_lines(WEEK, wait=wait))
    (basic,) = queries.efficiency(leader, Side.BASIC, WEEK)
    assert (basic.person_id, basic.chats, basic.first_response, basic.length) == (agent, 2, 25, 25)
    (vip,) = queries.efficiency(qc[0], Side.VIP, WEEK)
    assert (vip.person_id, vip.response, vip.unanswered) == (star, 5, 0)
    assert queries.efficiency(leader, Side.VIP, WEEK) == []
