"""The criteria of promotion through the real YAML door: ties, small groups, leave, late data, month ends."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import BaseModel

from cstrain.judgement.catalogue import AnyCriterion
from cstrain.judgement.facts import (
    Authorisation,
    Comparison,
    CourseRecord,
    Dossier,
    Endorsement,
    MonthRecord,
    PaperMark,
    PeerMonth,
    RegisterRecord,
    Standing,
    Violation,
)
from cstrain.judgement.windows import back
from cstrain.kernel.finding import State
from cstrain.policies.yaml_source import SourceError, parse, validate

MET, NOT, UNKNOWN = State.MET, State.NOT_MET, State.UNKNOWN
LAST = date(2026, 10, 1)
TODAY = date(2026, 11, 23)


class Chapter(BaseModel):
    criteria: tuple[AnyCriterion, ...]


def criterion(text):
    return validate(Chapter, parse(f"criteria:\n  - {text}", "test.yaml")).criteria[0]


def standing(**changes):
    known = {"hired_on": date(2025, 1, 6), "department_since": date(2025, 1, 6), "level": "junior"}
    return Standing(**{**known, "level_since": date(2025, 6, 1), "history": "9", **changes})


def month(at, **changes):
    known = {"level": "junior", "grade": None, "brand_points": None, "deductions": None, "points": None}
    return MonthRecord(at, f"m{at:%Y%m}", **{**known, **changes})


def months(name, column, *, last=LAST, away=(), **changes):
    """Records that end with ``last``; ``"-"`` in the column: nobody entered the month."""
    found = []
    for at, value in zip(back(last, len(column)), column, strict=True):
        if value != "-":
            found.append(month(at, **{name: value}, away=at in away, **changes))
    return tuple(found)


def dossier(records, *, closed=12, **changes):
    known = {
        "on": TODAY,
        "person": 1,
        "standing": standing(),
        "months": records,
        "closed": back(LAST, closed),
    }
    return Dossier(**{**known, **changes})


# ------------------------------------------------------------------------------------------------ tenure


@pytest.mark.parametrize(
    ("since", "asked", "on", "state"),
    [
        (date(2026, 8, 23), "months: 3", date(2026, 11, 22), NOT),
        (date(2026, 8, 23), "months: 3", date(2026, 11, 23), MET),
        (date(2026, 8, 31), "months: 6", date(2027, 2, 27), NOT),
        (date(2026, 8, 31), "months: 6", date(2027, 2, 28), MET),
        (date(2024, 2, 29), "years: 1", date(2025, 2, 28), MET),
        (date(2024, 2, 29), "years: 1", date(2025, 2, 27), NOT),
        (date(2024, 2, 29), "years: 4", date(2028, 2, 28), NOT),
        (None, "years: 1", date(2026, 1, 1), UNKNOWN),
    ],
)
def test_tenure_is_full_on_the_day_itself_and_clamped_to_the_months_end(since, asked, on, state):
    facts = Dossier(on=on, standing=standing(level_since=since))
    found = criterion(f"{{kind: tenure, text: 任期, since: level, {asked}}}").check(facts)
    assert found.state is state


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"service_since": date(2025, 11, 23), "department_since": date(2026, 6, 1)}, MET),
        ({"service_since": date(2025, 11, 24), "department_since": date(2026, 6, 1)}, NOT),
        ({"department_since": date(2025, 11, 23)}, MET),
        ({"department_since": date(2026, 6, 1)}, UNKNOWN),
        ({"department_since": date(2026, 6, 1), "hired_on": date(2026, 1, 1)}, NOT),
        ({"department_since": None}, UNKNOWN),
    ],
)
def test_service_goes_on_across_departments_and_is_unknown_when_nobody_knows_it(changes, state):
    facts = Dossier(on=TODAY, standing=standing(**changes))
    assert criterion("{kind: tenure, text: 任期, since: service, years: 1}").check(facts).state is state


@pytest.mark.parametrize(
    ("level", "reached", "state"),
    [
        ("intermediate", {"junior": date(2025, 11, 23)}, MET),
        ("intermediate", {"junior": date(2025, 11, 24)}, NOT),
        ("intermediate", {}, UNKNOWN),
        ("junior", {}, MET),
    ],
)
def test_tenure_since_a_level_was_reached_runs_on_through_the_next(level, reached, state):
    facts = Dossier(on=TODAY, standing=standing(level=level, reached=reached))
    text = "{kind: tenure, text: 任期, since: reached, level: junior, level_title: 初级, years: 1}"
    assert criterion(text).check(facts).state is state


def test_a_missing_tenure_says_the_day_and_how_many_days_are_lacking():
    facts = Dossier(on=TODAY, standing=standing(level_since=date(2026, 9, 1)))
    found = criterion("{kind: tenure, text: 任期, since: level, months: 3}").check(facts)
    assert found.says == "2026年9月1日任现级别，到2026年12月1日才满3个月，还差8天。"
    assert found.records[0].kind == "history"


# ------------------------------------------------------------------------------------------- grade_months

SIX_A = "{kind: grade_months, text: A级, grade: A, months: 6}"
IN_A_ROW = "{kind: grade_months, text: A级, grade: A, months: 3, count: consecutive}"
SINCE_MAY = standing(level_since=date(2026, 5, 31))


@pytest.mark.parametrize(
    ("grades", "state", "words"),
    [
        (["A"] * 6, MET, "累计6个月"),
        (["S", "A", "A", "S", "A", "A"], MET, "累计6个月"),
        (["A", "A", "B", "A", "A", "A"], NOT, "还差1个月"),
        (["A", "A", "-", "A", "A", "A"], UNKNOWN, "2026年7月没有等级记录"),
        (["A", "A", None, "A", "A", "A"], UNKNOWN, "2026年7月没有等级记录"),
        (["A", "B", "-", "A", "A", "A"], NOT, "补上也不够"),
        (["A"] * 5, UNKNOWN, "2026年5月"),
    ],
)
def test_good_months_since_the_level_are_counted_and_the_missing_named(grades, state, words):
    facts = dossier(months("grade", grades), standing=SINCE_MAY)
    found = criterion(SIX_A).check(facts)
    assert (found.state, words in found.says) == (state, True), found.says


def test_a_month_belongs_to_the_level_held_on_its_last_day():
    grades = months("grade", ["A"] * 6)
    assert criterion(SIX_A).check(dossier(grades, standing=SINCE_MAY)).state is MET
    since_june = standing(level_since=date(2026, 6, 1))
    assert criterion(SIX_A).check(dossier(grades, standing=since_june)).state is NOT


def test_a_month_before_a_transfer_counts_where_it_was_worked():
    moved = standing(level_since=date(2026, 5, 31), department_since=date(2026, 9, 1))
    assert criterion(SIX_A).check(dossier(months("grade", ["A"] * 6), standing=moved, closed=2)).state is MET


@pytest.mark.parametrize(
    ("grades", "away", "state"),
    [
        (["B", "A", "A", "A"], (), MET),
        (["A", "A", "A", "B"], (), NOT),
        (["A", "A", None, "A"], (date(2026, 9, 1),), MET),
        (["A", "A", "D", "A"], (date(2026, 9, 1),), MET),
        (["B", "A", "A", "A"], (date(2026, 9, 1),), NOT),
        (["B", "A", None, "A"], (date(2026, 9, 1),), NOT),
        (["A", "A", None, "A"], (), UNKNOWN),
        (["A", "A", "-", "A"], (), UNKNOWN),
        (["A", "B", "-", "A"], (), NOT),
    ],
)
def test_consecutive_are_the_latest_months_and_leave_does_not_break_them(grades, away, state):
    held = standing(level_since=date(2026, 7, 15))
    assert (
        criterion(IN_A_ROW).check(dossier(months("grade", grades, away=away), standing=held)).state is state
    )


def test_months_of_leave_are_left_out_of_a_sum_and_named():
    held = standing(level_since=date(2026, 5, 1))
    found = criterion(SIX_A).check(dossier(months("grade", ["A"] * 6, away=(SEPTEMBER,)), standing=held))
    assert found.state is NOT
    assert "2026年9月请假过半不计" in str(found.says)
    assert len(found.records) == 5


@pytest.mark.parametrize(
    "facts",
    [
        Dossier(on=TODAY),
        Dossier(on=TODAY, standing=standing(level_since=None), months=()),
        Dossier(on=TODAY, standing=standing()),
        Dossier(on=TODAY, standing=standing(), months=(), closed=()),
    ],
)
def test_without_a_level_or_a_closed_month_grades_are_unknown(facts):
    assert criterion(SIX_A).check(facts).state is UNKNOWN


# ---------------------------------------------------------------------------------------------- deductions

MEAN = "{kind: deductions_mean, text: 扣分, most: 1, months: 3}"
NONE = "{kind: deductions_none, text: 扣分, months: 3}"


@pytest.mark.parametrize(
    ("column", "mean", "none"),
    [
        ([0, 0, 0], MET, MET),
        ([9, 0, 0, 0], MET, MET),
        ([3, 0, 0], MET, NOT),
        ([2, 1, 1], NOT, NOT),
        ([4, "-", 0], NOT, NOT),
        ([4, None, 0], NOT, NOT),
        ([1, "-", 0], UNKNOWN, NOT),
        ([0, "-", 0], UNKNOWN, UNKNOWN),
        ([0, None, 0], UNKNOWN, UNKNOWN),
        ([0, 0, "-"], UNKNOWN, UNKNOWN),
    ],
)
def test_deductions_of_the_latest_three_closed_months(column, mean, none):
    facts = dossier(months("deductions", column))
    assert (criterion(MEAN).check(facts).state, criterion(NONE).check(facts).state) == (mean, none)


@pytest.mark.parametrize(
    ("hired", "state"), [(date(2026, 8, 31), MET), (date(2026, 9, 1), NOT), (None, UNKNOWN)]
)
def test_a_month_before_joining_does_not_exist_but_with_an_unknown_day_it_may(hired, state):
    column = [0, 0, 0] if state is MET else [0, 0]
    facts = dossier(months("deductions", column), standing=standing(hired_on=hired))
    for text in (MEAN, NONE):
        found = criterion(text).check(facts)
        assert found.state is state
        assert ("还差1个月" in found.says) is (state is NOT)


def test_late_data_leaves_the_answer_open_until_it_is_in():
    late = dossier(months("deductions", [0, 0, 0], last=date(2026, 9, 1)))
    found = criterion(NONE).check(late)
    assert found.state is UNKNOWN
    assert "2026年10月的扣分没有记录" in found.says
    assert criterion(NONE).check(dossier(months("deductions", [0, 0, 0, 0]))).state is MET


def test_a_finding_of_deductions_repeats_its_numbers_and_lists_its_months():
    found = criterion(MEAN).check(dossier(months("deductions", [0, 2, 2])))
    assert found.says == (
        "最近3个已关账月份共扣分4次，月均至少1.33次，超过每月1次（2026年9月2次、2026年10月2次）。"
    )
    assert [one.ref for one in found.records] == ["m202608", "m202609", "m202610"]


# ---------------------------------------------------------------------------------------------- brand_rank

TOP = "{kind: brand_rank, text: 品牌分, top: 2, months: 3, least_months: 2}"


def rows(person, column, *, away=(), level="junior", post="客服", name="brand_points", probation=False):
    found = []
    for at, value in zip(back(LAST, len(column)), column, strict=True):
        if value == "-":
            continue
        number = None if value is None else Decimal(value)
        points, values = (number, {}) if name == "brand_points" else (None, {name: number} if number else {})
        found.append(PeerMonth(person, at, level, post, points, values, at in away, probation))
    return found


def compared(own, *others, people=(), **changes):
    people = [*rows(1, own), *(row for n, each in enumerate(others, 2) for row in rows(n, each)), *people]
    records = tuple(month(row.month) for row in people if row.person == 1)
    return dossier(records, comparison=Comparison(1, back(LAST, 12), tuple(people)), **changes)


SEPTEMBER = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("own", "others", "state", "value"),
    [
        ([90, 90, 90], [[95] * 3, [80] * 3], MET, "第2名"),
        ([90, 90, 90], [[95] * 3, [94] * 3], NOT, "第3名"),
        ([90, 90, 90], [[95] * 3, [90] * 3, [90] * 3], MET, "第2名"),
        ([90, 90, 90], [[95] * 3, ["-", "-", 99]], MET, "第2名"),
        ([90, 90, 90], [[95] * 3, ["-", 99, 99]], NOT, "第3名"),
        ([90, 90, 90], [[95] * 3, [99, None, 99]], UNKNOWN, "暂列第2名"),
        ([90, 90, 90], [[80] * 3, [99, None, 99]], MET, "第1名"),
        ([90, 90, 90], [[95] * 3, [96] * 3, [99, None, 99]], NOT, "第3名"),
        ([90, 90, 90], [], MET, "第1名"),
        ([90, "-", 90], [[80] * 3], UNKNOWN, ""),
        ([90, None, 90], [[80] * 3], UNKNOWN, ""),
        ([99, 0, 0, 0], [[1] * 3, [2] * 3], NOT, "第3名"),
    ],
)
def test_ranks_share_the_better_place_and_missing_figures_leave_them_open(own, others, state, value):
    found = criterion(TOP).check(compared(own, *others))
    assert (found.state, found.value) == (state, value), found.says


def test_a_month_of_leave_is_left_out_and_too_few_months_are_not_ranked():
    people = [*rows(1, [90, 10, 90], away=(SEPTEMBER,)), *rows(2, [95] * 3), *rows(3, [85] * 3)]
    facts = dossier((), comparison=Comparison(1, back(LAST, 3), tuple(people)))
    assert criterion(TOP).check(facts).value == "第2名"
    people = rows(1, [90, 90, 90], away=(SEPTEMBER, LAST))
    facts = dossier((), comparison=Comparison(1, back(LAST, 3), tuple(people)))
    found = criterion(TOP).check(facts)
    assert (found.state, found.value) == (NOT, "未参加排名")
    assert "2026年9月、2026年10月请假过半不计" in found.says


def test_after_a_transfer_the_months_elsewhere_do_not_rank_here():
    moved = standing(department_since=date(2026, 10, 1))
    others = rows(2, [80] * 3)
    facts = dossier(
        months("brand_points", [Decimal(99)] * 3),
        standing=moved,
        comparison=Comparison(1, back(LAST, 3), (*rows(1, [99]), *others)),
    )
    found = criterion(TOP).check(facts)
    assert found.state is NOT
    assert "2026年8月、2026年9月不在本部门" in found.says


def test_by_policy_only_people_of_the_same_level_are_compared():
    seniors = [row for n in (7, 8) for row in rows(n, [99] * 3, level="senior")]
    facts = compared([90] * 3, [95] * 3, people=seniors)
    assert criterion(TOP).check(facts).value == "第4名"
    assert criterion(TOP[:-1] + ", among: same_level}").check(facts).value == "第2名"


def test_without_anybody_to_compare_with_a_rank_is_unknown():
    assert criterion(TOP).check(dossier(())).state is UNKNOWN
    assert criterion(TOP).check(dossier((), comparison=Comparison(1, (), ()))).state is UNKNOWN


# --------------------------------------------------------------------------------------------- base_metric

BASE = "{kind: base_metric, text: 接待量, metric: chats}"


def based(own, *others, people=(), records=None, **changes):
    everybody = [*rows(1, own, name="chats"), *people]
    for number, each in enumerate(others, 2):
        everybody += rows(number, each, name="chats")
    mine = records if records is not None else tuple(month(r.month) for r in everybody if r.person == 1)
    return dossier(mine, comparison=Comparison(1, back(LAST, 12), tuple(everybody)), **changes)


@pytest.mark.parametrize(
    ("own", "others", "state"),
    [
        ([100, 100, 100, 1], [[100, 100, 100, 999]], MET),
        ([100, 99, 100, 999], [[100, 100, 100, 1]], NOT),
        ([100, "-", 100, 1], [[100, 100, 100, 1]], UNKNOWN),
        ([99, "-", 100, 1], [[100, 100, 100, 1]], NOT),
        ([100, 100, 100, 1], [[90, None, 90, 1]], UNKNOWN),
        ([100, 10, 100, 1], [[90, None, 90, 1], [90, 200, 90, 1]], NOT),
        ([100, 100, 100, 1], [], MET),
    ],
)
def test_each_month_of_the_closed_quarter_is_held_against_the_mean_of_the_post(own, others, state):
    found = criterion(BASE).check(based(own, *others))
    assert found.state is state, found.says


def test_probationers_leave_and_other_posts_are_outside_the_mean():
    away = (date(2026, 7, 1), date(2026, 8, 1), SEPTEMBER, LAST)
    outside = [
        *rows(7, [999] * 4, name="chats", probation=True),
        *rows(8, [999] * 4, name="chats", away=away),
        *rows(9, [999] * 4, name="chats", post="话务"),
    ]
    assert criterion(BASE).check(based([100] * 4, [90] * 4, people=outside)).state is MET


def test_a_month_in_another_department_has_no_mean_to_compare_with():
    facts = based(["-", 100, 100, 1], [90] * 4, records=months("grade", ["A"] * 4))
    found = criterion(BASE).check(facts)
    assert found.state is UNKNOWN
    assert "2026年7月在其他部门" in found.says


def test_a_quarter_counts_only_once_its_last_month_is_closed():
    facts = based([100, 100, 1, 1], [90] * 4, closed=1)
    early = Dossier(
        on=facts.on,
        person=1,
        standing=facts.standing,
        months=facts.months[:2],
        closed=(date(2026, 8, 1),),
        comparison=facts.comparison,
    )
    assert criterion(BASE).check(early).state is UNKNOWN
    assert criterion(BASE).check(facts).state is NOT


# -------------------------------------------------------------------------------------------------- metric


@pytest.mark.parametrize(
    ("column", "away", "how", "state"),
    [
        ([94, 95, 96], (), "mean", MET),
        ([94, 95, 95], (), "mean", NOT),
        ([94, 95, 96], (), "each", NOT),
        ([95, 95, 96], (), "each", MET),
        ([96, "-", 96], (), "mean", UNKNOWN),
        ([94, "-", 96], (), "each", NOT),
        ([96, 10, 96], (SEPTEMBER,), "mean", MET),
        ([96, 10, 96], (SEPTEMBER,), "each", MET),
    ],
)
def test_a_metric_is_held_against_its_threshold(column, away, how, state):
    records = [
        month(at, values={"csat": Decimal(value)}, away=at in away)
        for at, value in zip(back(LAST, 3), column, strict=True)
        if value != "-"
    ]
    text = f"{{kind: metric, text: 满意度, metric: csat, least: 95, months: 3, how: {how}}}"
    found = criterion(text).check(dossier(tuple(records)))
    assert found.state is state, found.says


def test_only_months_of_leave_cannot_be_judged_and_a_ceiling_works_the_other_way():
    records = tuple(month(at, values={"handle_minutes": Decimal(8)}) for at in back(LAST, 3))
    text = "{kind: metric, text: 时长, metric: handle_minutes, most: 8, months: 3}"
    assert criterion(text).check(dossier(records)).state is MET
    away = tuple(month(at, values={"handle_minutes": Decimal(8)}, away=True) for at in back(LAST, 3))
    assert criterion(text).check(dossier(away)).state is UNKNOWN


def resolved(figures):
    """Months of a quarter with their complaints and the share of them that was resolved."""
    found = []
    for at, (complaints, share) in zip(back(SEPTEMBER, 3), figures, strict=True):
        values = {"complaints": complaints, "resolution": share}
        known = {name: Decimal(value) for name, value in values.items() if value is not None}
        found.append(month(at, values=known))
    return tuple(found)


@pytest.mark.parametrize(
    ("figures", "how", "state"),
    [
        ([(1, 90), (0, None), (2, 90)], "mean", MET),
        ([(1, 90), (0, None), (2, 88)], "mean", NOT),
        ([(0, None), (0, None), (1, 80)], "each", NOT),
        ([(0, None), (0, None), (0, None)], "mean", MET),
        ([(0, None), (0, None), (0, None)], "each", MET),
        ([(1, 100), (1, None), (1, 100)], "mean", UNKNOWN),
        ([(0, None), (None, None), (0, None)], "mean", UNKNOWN),
        ([(0, 50), (1, 100), (1, 100)], "mean", NOT),
    ],
)
def test_a_month_without_a_complaint_has_nothing_to_resolve(figures, how, state):
    text = f"{{kind: metric, text: 解决率, metric: resolution, least: 90, window: quarter, how: {how}}}"
    found = criterion(text).check(dossier(resolved(figures)))
    assert found.state is state, found.says
    bare = [(complaints, share) for complaints, share in figures if (complaints, share) == (0, None)]
    assert str(found.records).count("没有投诉") == len(bare)
    assert [one.ref for one in found.records] == sorted(one.ref for one in found.records)


# ----------------------------------------------------------------------------------- registers and courses


def entry(on, kind="complaint", major=False):
    return RegisterRecord(kind, "5", on, f"{on}", major)


@pytest.mark.parametrize(
    ("text", "entries", "state"),
    [
        ("of: complaint, major: true, most: 0", (entry(TODAY),), MET),
        ("of: complaint, major: true, most: 0", (entry(TODAY, major=True),), NOT),
        ("of: complaint, most: 0, months: 6", (entry(date(2026, 5, 23)),), NOT),
        ("of: complaint, most: 0, months: 6", (entry(date(2026, 5, 22)),), MET),
        ("of: complaint, most: 0", (entry(date(2026, 11, 24)),), MET),
        ("of: proposal, least: 2", (entry(TODAY, "proposal"), entry(TODAY, "award")), NOT),
        ("of: proposal, least: 1", (entry(TODAY, "proposal"),), MET),
        ("of: proposal, least: 1", (), NOT),
        ("of: proposal, least: 1", None, UNKNOWN),
    ],
)
def test_register_entries_are_counted_in_their_window(text, entries, state):
    facts = Dossier(on=TODAY, registers=entries)
    assert criterion(f"{{kind: register, text: 登记, {text}}}").check(facts).state is state


@pytest.mark.parametrize(
    ("violations", "state"),
    [
        ((), MET),
        ((Violation("1", "x", date(2026, 8, 22)),), MET),
        ((Violation("1", "x", date(2026, 8, 23)),), NOT),
        ((Violation("1", "x"),), UNKNOWN),
        ((Violation("1", "x"), Violation("2", "y", TODAY)), NOT),
        (None, UNKNOWN),
    ],
)
def test_violations_leave_their_window_the_day_after(violations, state):
    text = "{kind: no_violation, text: 违纪, months: 3}"
    assert criterion(text).check(Dossier(on=TODAY, violations=violations)).state is state


@pytest.mark.parametrize(
    ("courses", "state"),
    [
        (None, UNKNOWN),
        ((), NOT),
        ((CourseRecord("other", "1", TODAY, None, "x"),), NOT),
        ((CourseRecord("etiquette", "1", date(2026, 1, 1), None, "x"),), MET),
        ((CourseRecord("etiquette", "1", date(2026, 1, 1), TODAY, "x"),), MET),
        ((CourseRecord("etiquette", "1", date(2026, 1, 1), date(2026, 11, 22), "x"),), NOT),
    ],
)
def test_a_course_certificate_counts_through_its_last_day(courses, state):
    text = "{kind: course, text: 课程, course: etiquette, title: 服务礼仪}"
    assert criterion(text).check(Dossier(on=TODAY, courses=courses)).state is state


@pytest.mark.parametrize(
    ("raw", "on", "exempt", "state"),
    [
        (84, TODAY, (), NOT),
        (85, date(2024, 11, 23), (), MET),
        (85, date(2024, 11, 22), (), NOT),
        (10, TODAY, ("oa",), MET),
    ],
)
def test_a_paper_may_ask_for_more_than_the_pass_mark_and_may_lapse(raw, on, exempt, state):
    mark = PaperMark("oa", "1", "OA", Decimal(raw), Decimal(80), on)
    text = "{kind: papers_passed, text: 试卷, papers: [oa], least: 85, valid_months: 24}"
    facts = Dossier(on=TODAY, papers=(mark,), exempt=frozenset(exempt))
    assert criterion(text).check(facts).state is state


def test_a_newer_pass_replaces_one_that_lapsed():
    marks = tuple(
        PaperMark("oa", ref, "OA", Decimal(90), Decimal(80), on)
        for ref, on in (("1", date(2020, 1, 1)), ("2", date(2026, 1, 1)))
    )
    text = "{kind: papers_passed, text: 试卷, papers: [oa], valid_months: 24}"
    found = criterion(text).check(Dossier(on=TODAY, papers=marks))
    assert (found.state, found.records[0].ref) == (MET, "2")


# ---------------------------------------------------------------------------------------------- from people


@pytest.mark.parametrize(("role", "state"), [("supervisor", MET), ("mentor", UNKNOWN), ("", UNKNOWN)])
def test_an_endorsement_may_ask_for_an_office(role, state):
    text = "{kind: endorsement, text: 评价, topic: t, roles: [supervisor], register_of: proposal}"
    facts = Dossier(
        endorsements=(Endorsement("t", "1", "王", 4, role=role),), registers=(entry(TODAY, "proposal"),)
    )
    found = criterion(text).check(facts)
    assert found.state is state
    assert "登记簿有改善方案1条" in found.says
    assert found.records[-1].kind == "proposal"


@pytest.mark.parametrize(("seats", "state"), [(None, UNKNOWN), (0, NOT), (1, MET)])
def test_a_place_must_be_vacant(seats, state):
    assert criterion("{kind: headcount, text: 名额}").check(Dossier(seats=seats)).state is state


@pytest.mark.parametrize(("office", "state"), [(None, UNKNOWN), ("hr", UNKNOWN), ("gm", MET)])
def test_skipping_a_level_is_for_the_named_office_to_allow(office, state):
    given = None if office is None else (Authorisation("skip_level", office, "1", "总经理", TODAY),)
    text = "{kind: skip_level, text: 越级, offices: [gm], titles: 总经理}"
    assert criterion(text).check(Dossier(authorised=given)).state is state


@pytest.mark.parametrize(("held", "state"), [(None, UNKNOWN), (True, MET), (False, NOT)])
def test_some_roads_are_for_converted_staff(held, state):
    facts = Dossier(standing=None if held is None else standing(converted=held))
    assert criterion("{kind: converted, text: 转正}").check(facts).state is state


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{kind: tenure, text: a, since: level}", "月数"),
        ("{kind: tenure, text: a, since: reached, months: 3}", "level"),
        ("{kind: metric, text: a, metric: csat}", "least和most"),
        ("{kind: metric, text: a, metric: csat, least: 1, window: quarter, months: 2}", "季度"),
        ("{kind: metric, text: a, metric: nope, least: 1}", "“metric”只能是"),
        ("{kind: register, text: a, of: award, least: 1, major: true}", "major"),
        ("{kind: register, text: a, of: award}", "least和most"),
        ("{kind: brand_rank, text: a, top: 1, months: 1}", "least_months"),
    ],
)
def test_a_condition_that_cannot_be_meant_is_refused(line, words):
    with pytest.raises(SourceError, match=words):
        criterion(line)
