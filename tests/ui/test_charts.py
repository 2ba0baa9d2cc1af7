"""Charts: well-formed SVG that tells its finding, positions that follow the numbers, a table of the same."""

from __future__ import annotations

import re
from decimal import Decimal
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from cstrain.ui import charts
from cstrain.ui.charts import Bar, Line, Point
from cstrain.ui.plots import Axis, Curve, Dot
from tests.ui import samples

POINTS = [Point("7月", 86), Point("8月", None), Point("9月", 79.5, "79.5", met=False), Point("10月", 96)]
DRAWINGS = {
    "bars": lambda: charts.bars(
        "标题", "说明", [Bar("产品", 91), Bar("规则", Decimal("72.5"), bad=True)], 100, Line(80, "及格线80")
    ),
    "line": lambda: charts.line("标题", "说明", POINTS, 60, 100, Line(80, "及格线80")),
    "histogram": lambda: charts.histogram(
        "标题", "说明", [Bar("70–79", 3, bad=True), Bar("80–89", 7)], 1, "及格线80"
    ),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_chart_is_well_formed_and_says_its_finding(name):
    svg = ElementTree.fromstring(DRAWINGS[name]())
    assert svg.get("role") == "img"
    assert [svg.findtext("title"), svg.findtext("desc")] == ["标题", "说明"]
    ids = {svg.find("title").get("id"), svg.find("desc").get("id")}
    assert set(svg.get("aria-labelledby").split()) == ids


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_chart_has_no_style_and_repeats_itself(name):
    text = DRAWINGS[name]()
    assert "style" not in text
    assert text == DRAWINGS[name]()


def test_words_in_a_chart_are_escaped():
    text = charts.bars("<b>", '"&', [Bar("<script>", 1)])
    assert "<script>" not in text
    ElementTree.fromstring(text)


def test_bars_follow_their_values_and_stay_inside():
    svg = ElementTree.fromstring(charts.bars("t", "d", [Bar("a", 45), Bar("b", 120), Bar("c", -3)], 90))
    widths = [rect.get("width") for rect in svg.iter("rect") if rect.get("class") == "bx-soft"]
    assert widths == ["50%", "100%", "0%"]


def test_a_line_breaks_at_missing_months_and_shades_them():
    svg = ElementTree.fromstring(charts.line("t", "d", POINTS, 60, 100))
    assert len([part for part in svg.iter("line") if part.get("class") == "ln"]) == 1
    assert len([part for part in svg.iter("rect") if part.get("class") == "void"]) == 1
    assert [part.get("class") for part in svg.iter("circle")] == ["pt", "pt-out", "pt"]


def test_rank_one_is_on_top():
    svg = ElementTree.fromstring(charts.line("t", "d", [Point("7月", 1), Point("8月", 6)], 6, 1))
    first, last = (float(part.get("cy")) for part in svg.iter("circle"))
    assert first < last


def test_a_line_of_one_value_and_an_empty_line_do_not_fall():
    assert "circle" in charts.line("t", "d", [Point("7月", 5)], 5, 5)
    ElementTree.fromstring(charts.line("t", "d", [], 0, 100))
    ElementTree.fromstring(charts.histogram("t", "d", []))
    ElementTree.fromstring(charts.bars("t", "d", []))
    ElementTree.fromstring(charts.ticks([]))


def test_the_highest_class_of_a_histogram_is_the_highest_bar():
    svg = ElementTree.fromstring(charts.histogram("t", "d", [Bar("a", 2), Bar("b", 8), Bar("c", 0)]))
    heights = [float(rect.get("height")) for rect in svg.iter("rect")]
    assert heights[1] == 4 * heights[0]
    assert heights[2] == 0


def test_a_score_bar_is_for_the_eye_and_shows_a_fail():
    low = charts.score_bar(Decimal("79.5"), 80, False)
    assert 'aria-hidden="true"' in low
    assert '<rect class="b-low" x="0" y="6" width="79.5" height="8"/>' in low
    assert "b-val" in charts.score_bar(84, 80, True)
    assert "b-val" not in charts.score_bar(None)
    assert 'width="100"' in charts.score_bar(130)


def test_ticks_show_every_day_exams_taller_and_a_dash_under_late_ones():
    svg = charts.ticks(samples.days())
    assert len(re.findall(r'width="4" height="(?:8|14)"', svg)) == 23
    assert svg.count('height="14"') == len(samples.EXAM_DAYS)
    assert svg.count('height="2"') == 2
    assert svg.count("<path") == 1
    assert "k-none" in charts.ticks([SimpleNamespace(state="locked", exam=False)])


def test_the_table_twin_has_the_numbers_and_a_dash_for_nothing():
    text = charts.table(
        "品牌分", ["月份", "品牌分", "规则"], [["7月", Decimal("86.0"), "D-07 超时"], ["8月", None, "无"]]
    )
    root = ElementTree.fromstring(text)
    assert root.findtext("caption") == "品牌分"
    assert [cell.text for cell in root.iter("td")] == ["86.0", "D-07 超时", "—", "无"]
    assert [cell.get("class") for cell in root.iter("td")] == ["num", None, "num", None]
    assert [cell.get("scope") for cell in root.iter("th")] == ["col", "col", "col", "row", "row"]


def test_words_of_bars_and_points():
    assert Bar("a", 5).words == "5"
    assert Point("a", None).words == "—"
    assert Point("a", 5, "5.0").words == "5.0"


def test_dots_lie_by_their_values_and_the_named_bear_their_names():
    across, up = Axis("得分率", 0, 1, [(0, "0%")]), Axis("区分度", -0.5, 1)
    dots = [Dot(0, -0.5, "a"), Dot(1, 1, "b<", "x", bad=True, named=True), Dot(2, 0.25, "c", bad=True)]
    text = charts.scatter("标题", "说明", dots, across, up, (Dot(0.25, 0.25, ""), Dot(0.75, 1, "")))
    svg = ElementTree.fromstring(text)
    circles = [(part.get("class"), part.get("cx"), part.findtext("title")) for part in svg.iter("circle")]
    assert circles == [("pt", "6%", "a"), ("pt-out", "94%", "b< x"), ("pt-out", "94%", "c")]
    band = next(part for part in svg.iter("rect") if part.get("class") == "band")
    assert (band.get("x"), band.get("width")) == ("28%", "44%")
    assert [words.text for words in svg.iter("text") if words.get("class") == "t-on"] == ["b<"]


def test_curves_join_their_points_and_bear_their_names():
    across, up = Axis("及格线", 0, 100), Axis("不过线", 0, 1)
    lines = [
        Curve("人", [(0, 0), (50, 0.5), (100, 1)]),
        Curve("线", [(0, 1), (100, 0)], "thr"),
        Curve("空", []),
    ]
    svg = ElementTree.fromstring(
        charts.curves("标题", "说明", lines, across, up, [Dot(50, 0.5, "50", named=True)])
    )
    kinds = [part.get("class") for part in svg.iter("line")]
    assert kinds.count("ln") == 2 and kinds.count("thr") == 1
    assert {"人", "线", "50"} <= {words.text for words in svg.iter("text")}
