"""Standard setting: Angoff and Hofstee by hand; panels judge blind, and change no pass mark."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given as every
from hypothesis import strategies as st

from cstrain.exams import queries as exams
from cstrain.grading.standards import queries, service
from cstrain.grading.statistics.standards import Bounds, Crossing, angoff, failing, hofstee, most_failing
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.factories import exams as make
from tests.factories.analysis import make_results
from tests.factories.people import make_person

HALF = Fraction(1, 2)


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


# by hand


def test_angoffs_cut_is_the_mean_of_the_judges_sums() -> None:
    found = angoff({1: [HALF, Fraction(1)], 2: [Fraction(1), Fraction(1)], 3: [HALF, HALF]}, [40, 60])
    assert found.cuts == {1: 80, 2: 100, 3: 50}
    assert found.cut == Fraction(230, 3) and found.judges == 3
    # deviations 10/3, 70/3, -80/3: variance 1900/3, error sqrt(1900/9)
    assert found.error == pytest.approx((1900 / 9) ** 0.5)
    assert found.means == (Fraction(2, 3), Fraction(5, 6))
    assert found.apart == (pytest.approx((1 / 12) ** 0.5), pytest.approx((1 / 12) ** 0.5))


def test_one_judge_has_no_error_and_no_agreement() -> None:
    found = angoff({1: [HALF, HALF]}, [50, 50])
    assert (found.cut, found.error, found.icc, found.apart) == (50, None, None, (None, None))


def test_judges_who_rank_the_questions_alike_agree() -> None:
    easy, hard = Fraction(9, 10), Fraction(2, 10)
    assert angoff({1: [easy, hard], 2: [easy, hard]}, [50, 50]).icc == 1.0


MARKS = [Fraction(mark) for mark in (40, 50, 55, 60, 65, 70, 75, 80, 85, 90)]


def bounds(cut_low, cut_high, fail_low, fail_high) -> Bounds:
    return Bounds(Fraction(cut_low), Fraction(cut_high), Fraction(fail_low), Fraction(fail_high))


def test_hofstees_cut_is_the_first_tenth_where_enough_fail() -> None:
    # line from (50, 60 %) to (80, 0 %): 2 % a mark. Above 60 marks 40 % fail, which the line reaches at 60
    found = hofstee([bounds(50, 80, 0, "0.6")], MARKS)
    assert (found.crossing, found.cut, found.failing) == (Crossing.MET, Fraction(601, 10), Fraction(4, 10))


def test_judges_numbers_are_averaged() -> None:
    found = hofstee([bounds(45, 75, 0, "0.5"), bounds(55, 85, 0, "0.7")], MARKS)
    assert found.bounds == bounds(50, 80, 0, "0.6") and found.cut == Fraction(601, 10)


def test_without_a_crossing_there_is_no_cut() -> None:
    above = hofstee([bounds(70, 80, 0, "0.1")], MARKS)
    assert (above.crossing, above.cut, above.failing) == (Crossing.ABOVE, None, None)
    below = hofstee([bounds(20, 40, "0.2", "0.5")], MARKS)
    assert (below.crossing, below.cut) == (Crossing.BELOW, None)


def test_a_line_without_width_is_met_when_its_share_is() -> None:
    assert hofstee([bounds(60, 60, "0.2", "0.4")], MARKS).cut == 60
    assert hofstee([bounds(60, 60, "0.4", "0.5")], MARKS).crossing is Crossing.BELOW


@every(
    st.lists(st.integers(0, 100), min_size=1, max_size=20),
    st.integers(0, 60),
    st.integers(0, 40),
    st.integers(0, 50),
    st.integers(0, 50),
)
def test_at_hofstees_cut_and_not_before_the_curve_reaches_the_line(marks, low, width, fewest, more) -> None:
    box = Bounds(Fraction(low), Fraction(low + width), Fraction(fewest, 100), Fraction(fewest + more, 100))
    ordered = sorted(map(Fraction, marks))
    found = hofstee([box], ordered)
    if found.cut is None:
        return
    assert box.cut_low <= found.cut <= box.cut_high
    assert failing(ordered, found.cut) >= most_failing(box, found.cut)
    earlier = found.cut - Fraction(1, 10)
    assert earlier < box.cut_low or failing(ordered, earlier) < most_failing(box, earlier)


# panels


@pytest.fixture
def paper(context) -> str:
    make.make_bank()
    return make.make_paper()


@pytest.fixture
def panel(paper):
    """A trainer and two judges of single questions."""
    trainer = make_person(roles=["trainer"])
    judges = [make_person(roles=["examiner"]), make_person(roles=["trainer"])]
    return trainer, judges


def opened(trainer, judges, method="angoff", ref="tiny-exam") -> int:
    with unit_of_work():
        return service.open_study(trainer, START, ref, method, judges, 7)


def said(value: int) -> dict[str, Decimal]:
    return {str(slot): Decimal(value) for slot in range(1, 11)}


def rate(study: int, judge: int, value: int, number: int = 1) -> None:
    with unit_of_work():
        service.rate(judge, START, study, number, said(value))


def close(actor: int, study: int, number: int = 1, *, final: bool = False) -> None:
    with unit_of_work():
        service.close_round(actor, START, study, number, final=final)


def test_two_rounds_lead_to_a_recommendation_and_leave_the_pass_mark(panel) -> None:
    trainer, judges = panel
    study = opened(trainer, judges)
    assert [each.id for each in queries.waiting_for(judges[0])] == [study]
    rate(study, judges[0], 60)
    rate(study, judges[1], 90)
    assert queries.waiting_for(judges[0]) == []
    close(trainer, study)
    assert [each.round for each in queries.waiting_for(judges[0])] == [2]
    rate(study, judges[0], 70, 2)
    close(trainer, study, 2)
    result = queries.study(study).result
    # the second judge stands by round one
    assert (result["cut"], result["judges"], result["first_cut"]) == ("80.00", 2, "75.00")
    assert result["error"] == pytest.approx((200 / 2) ** 0.5)
    assert exams.paper("tiny-exam", START).pass_mark == 80


def test_a_panel_may_end_after_the_first_round(panel) -> None:
    trainer, judges = panel
    study = opened(trainer, judges, "yes_no")
    rate(study, judges[0], 100)
    rate(study, judges[1], 0)
    close(trainer, study, final=True)
    assert queries.study(study).result["cut"] == "50.00"


def test_until_a_round_is_over_a_judge_may_change_their_mind(panel) -> None:
    trainer, judges = panel
    study = opened(trainer, judges)
    rate(study, judges[0], 60)
    rate(study, judges[0], 65)
    assert queries.given(study, 1)[judges[0]]["1"] == 65
    assert not queries.study(study).shows(1)


def test_a_panel_of_four_numbers_needs_marks_to_hold_them_against(panel) -> None:
    trainer, judges = panel
    study = opened(trainer, judges, "hofstee")
    numbers = {"cut_low": 40, "cut_high": 80, "fail_low": 0, "fail_high": 90}
    for judge in judges:
        with unit_of_work():
            service.rate(judge, START, study, 1, {name: Decimal(value) for name, value in numbers.items()})
    with pytest.raises(ConflictError, match="只有0份"):
        close(trainer, study, final=True)
    make_results(33)
    close(trainer, study)
    result = queries.study(study).result
    assert result["crossing"] == "met" and result["people"] == 33
    assert 40 <= Decimal(result["cut"]) <= 80 and 0 < result["failing"] < 0.9


def test_what_a_panel_refuses(panel) -> None:
    trainer, judges = panel
    outsider, learner = make_person(roles=["trainer"]), make_person(roles=["trainer"], status="probation")
    for chosen in ([judges[0]], [judges[0], judges[0]], [*judges, learner], [*judges, make_person()]):
        with pytest.raises(DomainError, match="至少两位评委"):
            opened(trainer, chosen)
    with pytest.raises(DomainError, match="选择一种方法"):
        opened(trainer, judges, "guess")
    study = opened(trainer, judges)
    with pytest.raises(NotFoundError):
        rate(study, outsider, 50)
    with pytest.raises(NotFoundError):
        rate(999, judges[0], 50)
    with pytest.raises(DomainError, match="还有1处没有填"), unit_of_work():
        service.rate(judges[0], START, study, 1, {str(slot): Decimal(1) for slot in range(1, 10)})
    with pytest.raises(DomainError, match="0到100"):
        rate(study, judges[0], 101)
    rate(study, judges[0], 50)
    with pytest.raises(ConflictError, match="至少要两位评委"):
        close(trainer, study)
    rate(study, judges[1], 50)
    close(trainer, study)
    with pytest.raises(ConflictError, match="已经结束"):
        rate(study, judges[0], 50, 1)
    with pytest.raises(ConflictError, match="别人结束"):
        close(trainer, study, 1)
    close(trainer, study, 2)
    with pytest.raises(ConflictError, match="已经结束"):
        rate(study, judges[0], 50, 2)


@pytest.mark.parametrize("numbers", [(80, 60, 0, 10), (60, 80, 20, 10), (60, 101, 0, 10), (-1, 80, 0, 10)])
def test_four_numbers_must_be_in_order(panel, numbers) -> None:
    trainer, judges = panel
    study = opened(trainer, judges, "hofstee")
    names = ("cut_low", "cut_high", "fail_low", "fail_high")
    given = {name: Decimal(value) for name, value in zip(names, numbers, strict=True)}
    with pytest.raises(DomainError, match="最低的不能高于最高的"), unit_of_work():
        service.rate(judges[0], START, study, 1, given)


# pages


@pytest.fixture
def people(app):
    with app.app_context():
        make.make_bank()
        make.make_paper()
        return {
            "trainer": make_person("陈培训", roles=["trainer"]),
            "one": make_person("甲评委", roles=["examiner"]),
            "two": make_person("乙评委", roles=["examiner"]),
            "other": make_person("丙评委", roles=["examiner"]),
            "hr": make_person(roles=["hr"]),
        }


def start(client, people, method: str) -> str:
    client.log_in_as(people["trainer"])
    assert "还没有定标" in plain(client.get("/standards"))
    client.post("/standards/new", {"paper": "tiny-exam", "method": method, "judges": []}, status=422)
    judges = [people["one"], people["two"]]
    client.post("/standards/new", {"paper": "tiny-exam", "method": method, "judges": judges})
    page = client.get("/standards")
    return re.search(r'href="(/standards/\d+)"', page).group(1)


def fill(page: str, value: str) -> dict[str, str]:
    return dict.fromkeys(re.findall(r'name="(q\d+)"', page), value)


def test_judges_see_nothing_of_the_others_before_the_round_is_over(client, people) -> None:
    url = start(client, people, "angoff")
    client.log_in_as(people["one"])
    assert "为《小试卷》的及格线打分" in plain(client.get("/"))
    assert "有1次定标等你打分" in plain(client.get("/standards")) and "等你打分" in plain(client.get(url))
    sheet = client.get(f"{url}/rate")
    assert len(fill(sheet, "63")) == 10 and "100个刚好够格的人" in sheet and make.CANARY not in sheet
    client.post(f"{url}/rate", {"round": "1"}, status=422)
    client.post(f"{url}/rate", {"round": "1", **fill(sheet, "abc")}, status=422)
    client.post(f"{url}/rate", {"round": "1", **fill(sheet, "63")})
    assert 'value="63"' in client.get(f"{url}/rate")
    client.log_in_as(people["two"])
    page = client.get(url) + client.get(f"{url}/rate")
    assert "63" not in plain(page) and "各位评委的及格线" not in page
    client.log_in_as(people["other"]).get(url, status=404)
    client.get(f"{url}/rate", status=404)
    client.post(f"{url}/rate", {"round": "1", **fill(sheet, "10")}, status=404)
    client.log_in_as(people["hr"]).get("/standards", status=403)


def test_an_angoff_panel_from_its_start_to_its_recommendation(app, client, people) -> None:
    with app.app_context():
        make_results(12)
    url = start(client, people, "angoff")
    for who, value in (("one", "60"), ("two", "90")):
        client.log_in_as(people[who])
        client.post(f"{url}/rate", {"round": "1", **fill(client.get(f"{url}/rate"), value)})
    client.post(f"{url}/close", {"round": "1", "final": "0"}, status=403)
    client.log_in_as(people["trainer"])
    client.post(f"{url}/close", {"round": "1", "final": "0"})
    client.post(f"{url}/close", {"round": "1", "final": "0"}, status=422)
    between = plain(client.get(url))
    assert "甲评委" in between and "60.0" in between and "均值75.0" in between and "第2轮" in between
    client.log_in_as(people["one"])
    assert "第一轮均值75%" in plain(client.get(f"{url}/rate"))
    client.post(f"{url}/rate", {"round": "1", **fill(client.get(f"{url}/rate"), "70")}, status=422)
    client.post(f"{url}/rate", {"round": "2", **fill(client.get(f"{url}/rate"), "70")})
    client.log_in_as(people["trainer"]).post(f"{url}/close", {"round": "2", "final": "1"})
    raw = client.get(url)
    page = plain(raw)
    assert "建议及格线80.00分" in page and "试卷现在的及格线是80.0，没有改" in page
    assert '<svg class="chart"' in raw and "plain-table" in raw
    assert "80.00" in plain(client.get("/standards"))


def test_a_yes_no_panel_has_two_buttons_a_question(client, people) -> None:
    url = start(client, people, "yes_no")
    for who, value in (("one", "100"), ("two", "0")):
        client.log_in_as(people[who])
        sheet = client.get(f"{url}/rate")
        assert sheet.count('type="radio"') == 20
        client.post(f"{url}/rate", {"round": "1", **fill(sheet, value)})
    client.log_in_as(people["trainer"]).post(f"{url}/close", {"round": "1", "final": "1"})
    assert "建议及格线50.00分" in plain(client.get(url))


@pytest.mark.parametrize(
    ("numbers", "heading"),
    [(("40", "80", "0", "90"), "建议及格线"), (("1", "2", "50", "60"), "没有结果，请评委重新商量"),
     (("90", "95", "0", "1"), "没有结果，请评委重新商量")],
)  # fmt: skip
def test_a_hofstee_panel_shows_its_curve_or_says_that_there_is_no_crossing(
    app, client, people, numbers, heading
) -> None:
    url = start(client, people, "hofstee")
    fields = dict(zip(("cut_low", "cut_high", "fail_low", "fail_high"), numbers, strict=True))
    for who in ("one", "two"):
        client.log_in_as(people[who])
        client.get(f"{url}/rate")
        client.post(f"{url}/rate", {"round": "1", **fields, "cut_low": "99"}, status=422)
        client.post(f"{url}/rate", {"round": "1", **fields})
    client.log_in_as(people["trainer"])
    client.post(f"{url}/close", {"round": "1", "final": "1"}, status=422)
    with app.app_context():
        make_results(33)
    client.post(f"{url}/close", {"round": "1", "final": "1"})
    raw = client.get(url)
    assert heading in plain(raw) and '<svg class="chart"' in raw and "各位评委的四个数" in raw
    assert "没有结果" in plain(client.get("/standards")) or "建议" in heading


@pytest.mark.both_databases
def test_both_databases_keep_a_panel(app) -> None:
    with app.app_context():
        make.make_bank()
        make.make_paper()
        trainer = make_person(roles=["trainer"])
        judges = [make_person(roles=["examiner"]) for _ in range(2)]
        study = opened(trainer, judges)
        for judge in judges:
            rate(study, judge, 70)
        close(trainer, study, final=True)
        assert queries.study(study).result["cut"] == "70.00"
