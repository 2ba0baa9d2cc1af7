"""The chart of a person's months: what is missing leaves its place empty."""

from __future__ import annotations

from cstrain.ui.lanes import LaneMonth, Lanes, months

LANES = Lanes("等级", "名次", "扣分", enough="C", zone=3, void="请假")


def test_met_is_filled_and_not_met_is_hollow():
    drawn = months(
        "一年", "说明", [LaneMonth("9月", "A", 1, 0), LaneMonth("10月", "D", 6, 2, False, False)], LANES
    )
    assert drawn.count('class="bx"') == 1 and drawn.count('class="bx-out"') == 1
    assert drawn.count('class="pt"') == 1 and drawn.count('class="pt-out"') == 1
    assert drawn.count('class="ln"') == 1


def test_a_missing_month_breaks_the_line_and_shows_no_zero():
    rows = [LaneMonth("8月", "A", 1, 0), LaneMonth("9月", void=True), LaneMonth("10月", "A", 1, 0)]
    drawn = months("一年", "说明", rows, LANES)
    assert 'class="ln"' not in drawn
    assert drawn.count('class="void"') == 1 and "请假" in drawn
    assert drawn.count(">0</text>") == 2


def test_counted_months_are_framed_and_bad_ones_marked():
    drawn = months(
        "一年",
        "说明",
        [LaneMonth("9月", deductions=1, counted=True), LaneMonth("10月", deductions=3, bad=True)],
        LANES,
    )
    assert drawn.count('class="bx-out"') == 1 and drawn.count('class="dz"') == 1


def test_nothing_to_draw_is_still_a_drawing():
    assert 'role="img"' in months("一年", "说明", [], Lanes("等级", "名次", "扣分"))
