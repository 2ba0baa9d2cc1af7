"""Analysis of papers and questions: released first attempts only, withheld below enough, nobody named."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest

from cstrain.documents.tables import read_table
from cstrain.grading.analysis import presenting, queries
from cstrain.grading.analysis.facts import Wanted
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories import exams as make
from tests.factories.analysis import make_results
from tests.factories.people import make_person

DAY = timedelta(days=1)
WANTED = Wanted()


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def paper(context) -> str:
    make.make_bank()
    return make.make_paper()


def analysed(ref: str, wanted: Wanted = WANTED):
    return queries.paper_analysis(ref, wanted, START)


# figures


def test_a_paper_is_analysed_by_places_and_by_questions(paper) -> None:
    make_results(33)
    found = analysed(paper)
    figures = found.analysis.figures
    assert (found.submitted, found.analysis.n, len(found.analysis.questions)) == (33, 33, 10)
    assert figures["mean"].value == pytest.approx(50.0)
    # the n-th of eleven gets the first n right: ten right-or-wrong questions, a Guttman scale
    shares = [Fraction(10 - place, 11) for place in range(10)]
    whole = Fraction(sum((mark - 5) ** 2 for mark in range(11)), 11)
    kr20 = Fraction(10, 9) * (1 - sum(share * (1 - share) for share in shares) / whole)
    assert figures["kr20"].value == figures["alpha"].value == pytest.approx(float(kr20))
    assert [each.figures["facility"].value for each in found.analysis.questions] == pytest.approx(
        [float(share) for share in shares]
    )
    assert figures["passing"].value == pytest.approx(3 / 11)
    assert len(found.questions) == 10 and found.sections == ("全部",) * 10
    assert {row.exposure.value for row in found.questions} == {1.0} and found.overlap.value == 1.0


def test_only_released_first_attempts_that_were_not_voided_count(paper) -> None:
    from cstrain.exams.models import Attempt

    make_results(12)
    make_results(3, released=False)
    [voided] = make_results(1)
    with unit_of_work() as db:
        db.query(Attempt).filter_by(person_id=voided).update({"voided_at": START})
    found = analysed(paper)
    assert (found.submitted, found.analysis.n) == (15, 12)


def test_an_analysis_is_narrowed_by_edition_days_and_group(paper, monkeypatch) -> None:
    early = make_results(10)
    make_results(11, at=START + 3 * DAY)
    make.make_paper(paper, edition=2)
    make_results(12, at=START + 3 * DAY)
    assert analysed(paper).paper.edition == 2 and analysed(paper).analysis.n == 12
    first = Wanted(edition=1)
    assert analysed(paper, first).analysis.n == 21 and analysed(paper, first).editions == (2, 1)
    day = START.date()
    assert analysed(paper, Wanted(1, until=day)).analysis.n == 10
    assert analysed(paper, Wanted(1, since=day + DAY)).analysis.n == 11
    group = SimpleNamespace(key="cohort-1", title="第一期", people=tuple(early[:4]))
    monkeypatch.setattr("cstrain.exams.queries.people_groups", lambda on: [group])
    assert analysed(paper, Wanted(1, group="cohort-1")).analysis.n == 4
    assert analysed(paper, Wanted(1, group="unknown")).analysis.n == 0


def test_a_paper_nobody_sat_and_one_that_does_not_exist(paper) -> None:
    from cstrain.kernel.errors import NotFoundError

    found = analysed(paper)
    assert found.analysis.n == 0 and found.questions == () and found.sure is None
    with pytest.raises(NotFoundError):
        analysed("nothing")


def test_who_chose_which_option_is_told_in_the_versions_own_options(paper) -> None:
    make_results(33)
    kinds = {row.line.type: row.figures for row in analysed(paper).questions}
    single = {row.option: row for row in kinds["single_choice"].options}
    assert list(single) == ["0", "1", "2", "3"] and single["0"].key
    assert single["0"].n + single["1"].n == 33 and single["2"].n == single["3"].n == 0
    assert kinds["single_choice"].figures["facility"].value == single["0"].share
    truth = {row.option: row for row in kinds["true_false"].options}
    assert truth["true"].key and truth["true"].n + truth["false"].n == 33
    assert kinds["multiple_choice"].options and kinds["number"].options == ()


def test_what_should_be_looked_at_comes_first(paper) -> None:
    # the last question is right for the weakest only
    make_results(33, lambda number, slot: slot <= number % 11 if slot < 10 else number % 11 < 3)
    rows = analysed(paper).questions
    assert rows[0].figures.flags[0] == "key" and "hard" in rows[0].figures.flags
    assert sum("key" in row.figures.flags for row in rows) == 1


def test_the_same_number_of_queries_for_few_and_many(app, paper) -> None:
    make_results(11)
    with counted(app) as few:
        analysed(paper)
    make_results(40)
    with counted(app) as many:
        analysed(paper)
    assert len(few) == len(many) <= 12


# what the homes ask


def test_flags_of_the_questions_in_use_are_kept_until_a_result_comes(app, paper) -> None:
    make_results(11, lambda number, slot: slot <= number % 11 if slot < 10 else number % 11 < 3)
    first = queries.flagged()
    assert [flags[0] for flags in first.values()].count("key") == 1
    with counted(app) as statements:
        assert queries.flagged() == first
    assert len(statements) <= 4
    make_results(1)
    with counted(app) as statements:
        queries.flagged()
    assert len(statements) > 4


def test_questions_that_are_drawn_no_more_are_not_flagged(paper) -> None:
    from cstrain.questions.models import Question

    make_results(11, lambda number, slot: False)
    assert queries.flagged()
    with unit_of_work() as db:
        db.query(Question).update({"retired_at": START})
    assert queries.flagged() == {}


# presenting


@pytest.mark.parametrize(
    ("cut", "first", "count"),
    [(80, ["0", "10"], 10), (75, ["0", "5"], 11), (100, ["0", "10"], 11), (5, ["0", "5"], 11)],
)
def test_classes_of_marks_have_the_cut_as_a_border(cut, first, count) -> None:
    marks = [Fraction(0), Fraction(cut) - 1, Fraction(cut), Fraction(100)]
    found = presenting.mark_classes(marks, Decimal(cut))
    assert [bar.label for bar in found.bars][:2] == first and len(found.bars) == count
    assert found.bars[found.split].label == str(cut)
    assert sum(bar.value for bar in found.bars if bar.bad) == 2
    assert sum(bar.value for bar in found.bars[found.split :]) == 2


# pages


@pytest.fixture
def trainer(app, client, paper):
    with app.app_context():
        return client.log_in_as(make_person("陈培训", roles=["trainer"]))


def test_the_list_of_papers_says_how_many_results_there_are(trainer, paper) -> None:
    assert "还没有试卷够人数看信度" in plain(trainer.get("/analysis"))
    make_results(30)
    page = plain(trainer.get("/analysis"))
    assert "1份试卷可以看信度" in page and "小试卷" in page


def test_an_empty_paper_says_when_there_will_be_something(trainer, paper) -> None:
    assert "没有可以分析的答卷" in plain(trainer.get(f"/analysis/{paper}"))
    trainer.get("/analysis/nothing", status=404)


def test_few_people_get_no_figures_and_a_warning_about_pay(trainer, paper) -> None:
    make_results(9)
    page = plain(trainer.get(f"/analysis/{paper}"))
    assert "还不知道及格判定有多准，成绩不要单独决定薪酬" in page
    assert "不足10份，不显示分布" in page and "人数不够" in page
    assert "<circle" not in trainer.get(f"/analysis/{paper}")


def test_the_page_of_a_paper_shows_figures_charts_and_their_tables(trainer, paper) -> None:
    make_results(44, lambda number, slot: slot <= number % 11 if slot < 10 else number % 11 < 3)
    raw = trainer.get(f"/analysis/{paper}")
    page = plain(raw)
    assert raw.count('<svg class="chart"') == 2 and raw.count("plain-table") == 2
    assert "α系数" in page and "95%区间" in page and "查答案" in page
    assert "道题要再看一遍" in page and "及格判定还不够准，成绩不要单独决定薪酬" in page
    assert "林晓雯" not in page


def test_a_sharp_paper_may_decide(trainer, paper) -> None:
    make_results(60, lambda number, slot: number % 2 == 0 or (slot == 1 + number % 10))
    page = plain(trainer.get(f"/analysis/{paper}"))
    assert "及格判定足够准" in page


def test_the_filters_are_kept_in_the_export(trainer, paper) -> None:
    make_results(12)
    make_results(13, at=START + 5 * DAY)
    page = trainer.get(f"/analysis/{paper}?since={(START + DAY).date()}&until=")
    assert "首次答卷13份" in plain(page) and f"table.xlsx?since={(START + DAY).date()}" in page
    assert "首次答卷0份" in plain(trainer.get(f"/analysis/{paper}?group=department-999&since=nonsense"))


def test_the_export_holds_every_figure_with_n_and_bounds(trainer, paper) -> None:
    make_results(33)
    rows = read_table(trainer.download(f"/analysis/{paper}/table.xlsx"), "a.xlsx")
    assert rows[0] == ("对象", "名称", "指标", "数值", "下限", "上限", "人数", "说明")
    alpha = next(row for row in rows if row[2] == "α系数")
    assert (
        alpha[1] == f"{paper} 第1版"
        and float(alpha[4]) < float(alpha[3]) < float(alpha[5])
        and alpha[6] == "33"
    )
    text = trainer.download(f"/analysis/{paper}/table.csv").decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == len(rows)
    trainer.download(f"/analysis/{paper}/table.pdf", status=404)


def test_the_page_of_a_question_shows_its_options(trainer, paper) -> None:
    make_results(33)
    row = next(row for row in analysed(paper).questions if row.line.type == "single_choice")
    page = plain(trainer.get(f"/analysis/questions/{row.line.version_id}"))
    assert "谁选了哪一项" in page and "办法甲" in page and "33人第一次作答" in page and "正确" in page
    truth = next(row for row in analysed(paper).questions if row.line.type == "true_false")
    assert "对" in plain(trainer.get(f"/analysis/questions/{truth.line.version_id}"))
    trainer.get("/analysis/questions/99999", status=404)


def test_a_question_nobody_answered_has_a_page_that_says_so(trainer, paper) -> None:
    from cstrain.questions.queries import pool

    version = pool("tiny")[0].version_id
    assert "这道题还没有已发布的首次作答" in plain(trainer.get(f"/analysis/questions/{version}"))


def test_keys_of_closed_banks_are_not_told_and_people_on_probation_see_no_options(app, client) -> None:
    with app.app_context():
        make.make_bank()
        ref = make.make_paper("closed", kind="conversion", consequences=True, release="two_persons")
        make_results(33, ref=ref)
        row = next(row for row in analysed(ref).questions if row.line.type == "single_choice")
        people = [make_person(roles=["trainer"], status=status) for status in ("converted", "probation")]
    url = f"/analysis/questions/{row.line.version_id}"
    page = plain(client.log_in_as(people[0]).get(url))
    assert "答案不在这里显示" in page and "正确" not in page and "谁选了哪一项" in page
    assert "谁选了哪一项" not in plain(client.log_in_as(people[1]).get(url))


def test_only_who_may_see_statistics_sees_them(client, app, paper) -> None:
    for url in ("/analysis", f"/analysis/{paper}", f"/analysis/{paper}/table.csv", "/analysis/questions/1"):
        client.log_in_as(make_person(roles=["hr"])).get(url, status=403)


def test_the_home_of_a_trainer_names_questions_whose_key_is_doubtful(trainer, paper) -> None:
    assert "答案要查" not in plain(trainer.get("/"))
    make_results(33, lambda number, slot: slot <= number % 11 if slot < 10 else number % 11 < 3)
    page = plain(trainer.get("/"))
    assert "1道题的答案要查" in page and "道题太难、太容易或分不出高低" in page
    weak = trainer.get("/weak-questions")
    assert "/analysis/questions/" in weak and "查答案" in plain(weak)


@pytest.mark.both_databases
def test_both_databases_tell_the_same(app) -> None:
    with app.app_context():
        make.make_bank()
        ref = make.make_paper()
        make_results(33)
        found = analysed(ref)
        assert found.analysis.n == 33 and len(found.questions) == 10
        assert found.analysis.figures["passing"].value == pytest.approx(3 / 11)
        assert queries.flagged() == queries.flagged()
        assert [each.released for each in queries.paper_counts()] == [33]
