"""Filters: dates, times, marks and text as the language guide wants them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from markupsafe import Markup

from cstrain.ui import filters
from tests.ui.sample_app import make_app

DAY = date(2026, 11, 23)
MOMENT = datetime(2026, 11, 23, 6, 0, 8, tzinfo=UTC)  # 14:00:08 in Shanghai


@pytest.fixture
def zh():
    with make_app("zh").test_request_context():
        yield


@pytest.fixture
def en():
    with make_app("en").test_request_context():
        yield


@pytest.mark.usefixtures("zh")
@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (lambda: filters.day(DAY), "11月23日 周一"),
        (lambda: filters.day(DAY, DAY), "11月23日 周一"),
        (lambda: filters.day(DAY, date(2027, 1, 4)), "2026年11月23日 周一"),
        (lambda: filters.day(DAY, 2025), "2026年11月23日 周一"),
        (lambda: filters.day(DAY, MOMENT), "11月23日 周一"),
        (lambda: filters.day(None), "—"),
        (lambda: filters.full_day(date(2026, 11, 21)), "2026年11月21日 周六"),
        (lambda: filters.full_day(None), "—"),
        (lambda: filters.month(DAY), "2026年11月"),
        (lambda: filters.moment(MOMENT), "11月23日 周一 14:00"),
        (lambda: filters.moment(MOMENT, 2025), "2026年11月23日 周一 14:00"),
        (lambda: filters.moment(None), "—"),
        (lambda: filters.clock_time(MOMENT), "14:00:08"),
        (lambda: filters.clock_time(MOMENT, False), "14:00"),
        (lambda: filters.clock_time(None), "—"),
        (lambda: filters.period(MOMENT, MOMENT + timedelta(minutes=90)), "11月23日 周一 14:00–15:30"),
        (
            lambda: filters.period(MOMENT, MOMENT + timedelta(days=1)),
            "11月23日 周一 14:00至11月24日 周二 14:00",
        ),
        (lambda: filters.period(MOMENT, None), "11月23日 周一 14:00"),
        (lambda: filters.minutes(52), "52分钟"),
        (lambda: filters.minutes(90), "1小时30分钟"),
        (lambda: filters.minutes(120), "2小时"),
        (lambda: filters.minutes(timedelta(days=2, hours=21, minutes=40)), "2天21小时"),
        (lambda: filters.minutes(timedelta(seconds=45)), "45秒"),
        (lambda: filters.minutes(0), "0分钟"),
        (lambda: filters.minutes(timedelta(seconds=-5)), "0分钟"),
        (lambda: filters.minutes(None), "—"),
        (lambda: filters.listing(["产品", "规则"]), "产品、规则"),
        (lambda: filters.listing([]), "—"),
    ],
)
def test_chinese(said, wanted):
    assert said() == wanted


@pytest.mark.usefixtures("en")
@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (lambda: filters.day(DAY), "Mon 23 Nov"),
        (lambda: filters.day(DAY, 2025), "Mon 23 Nov 2026"),
        (lambda: filters.full_day(DAY), "Mon 23 Nov 2026"),
        (lambda: filters.month(DAY), "Nov 2026"),
        (lambda: filters.moment(MOMENT), "Mon 23 Nov 14:00"),
        (lambda: filters.period(MOMENT, MOMENT + timedelta(minutes=90)), "Mon 23 Nov 14:00–15:30"),
        (lambda: filters.period(MOMENT, MOMENT + timedelta(days=1)), "Mon 23 Nov 14:00 – Tue 24 Nov 14:00"),
        (lambda: filters.minutes(90), "1 h 30 min"),
        (lambda: filters.minutes(timedelta(seconds=45)), "45 s"),
        (lambda: filters.listing(["a", "b"]), "a, b"),
    ],
)
def test_english(said, wanted):
    assert said() == wanted


@pytest.mark.usefixtures("zh")
def test_an_instant_is_taken_to_the_companys_calendar_before_its_day_is_said():
    assert filters.day(datetime(2026, 11, 23, 17, 0, tzinfo=UTC)) == "11月24日 周二"


@pytest.mark.usefixtures("zh")
def test_a_naive_datetime_is_refused():
    with pytest.raises(ValueError, match="naive"):
        filters.moment(MOMENT.replace(tzinfo=None))


def test_without_any_language_the_words_are_chinese():
    app = Flask(__name__)
    app.config["TIMEZONE"] = "Asia/Shanghai"
    with app.app_context():
        assert filters.moment(MOMENT) == "11月23日 周一 14:00"


@pytest.mark.parametrize(
    ("raw", "pass_mark", "wanted"),
    [
        (Decimal("79.5"), None, "79.5"),
        (Decimal("88"), None, "88.0"),
        (Decimal("88.25"), None, "88.3"),
        (Decimal("79.96"), Decimal(80), "79.9"),
        (Decimal("80.04"), Decimal(80), "80.0"),
        (0, None, "0.0"),
        (None, None, "—"),
    ],
)
def test_a_mark_has_one_decimal_and_a_fail_never_looks_like_a_pass(raw, pass_mark, wanted):
    assert filters.mark(raw, pass_mark) == wanted


def test_money_and_percentages():
    assert filters.money(Decimal("3000")) == "¥3,000.00"
    assert filters.money(Decimal("-12.345")) == "−¥12.35"
    assert filters.money(None) == "—"
    assert filters.percent(Decimal("0.855"), 1) == "85.5%"
    assert filters.percent(0.8) == "80%"
    assert filters.percent(None) == "—"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("今天是第17天，还有2项要做", ["第17天", "2项"]),
        ("2026年11月21日 周六前", ["2026年11月21日 周六"]),
        ("11月23日 周一 14:00–15:30", ["11月23日 周一", "14:00–15:30"]),
        ("要求≥6个月", ["≥6个月"]),
        ("第2名，共12人", ["第2名", "12人"]),
        ("第1–17天全部内容", ["第1–17天"]),
        ("规则72.5，差7.5分", ["7.5分"]),
        ("20%和40题", ["20%", "40题"]),
        ("D-07", []),
    ],
)
def test_a_number_stays_with_its_measure_word(text, kept):
    html = filters.nb(text)
    found = [piece.split("</span>")[0] for piece in html.split('<span class="nb">')[1:]]
    assert found == kept
    assert html.striptags() == text


def test_nb_escapes_plain_text_and_keeps_mark_up():
    assert filters.nb("<b>3天</b>") == '&lt;b&gt;<span class="nb">3天</span>&lt;/b&gt;'
    assert filters.nb(Markup('<a href="/3天">3天</a>')) == '<a href="/3天"><span class="nb">3天</span></a>'
    assert filters.nb(17) == "17"
    assert filters.nb("'3天'") == '&#39;<span class="nb">3天</span>&#39;'


def test_markdown_keeps_the_pages_one_h1_and_gives_headings_ids():
    html = filters.markdown("# 改价 备注\n\n## 细则\n\n## 细则")
    assert '<h2 id="s-改价-备注">' in html
    assert '<h3 id="s-细则">' in html
    assert '<h3 id="s-细则-2">' in html
    assert "<h1" not in html
    assert "<h4" in filters.markdown("# x", 3)
    assert "<h6" in filters.markdown("###### x", 3)
    assert "<h1" not in filters.markdown("# x", 0)


def test_markdown_bold_beside_chinese_punctuation_is_bold():
    assert "<strong>中文加粗。</strong>后面" in filters.markdown("**中文加粗。**后面")


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://elsewhere.example/p.png)",
        "![x](//elsewhere.example/p.png)",
        '<img src=x onerror="alert(1)">',
        "<style>body{}</style>",
        "[x](data:text/html,hi)",
    ],
)
def test_markdown_lets_nothing_dangerous_through(source):
    html = filters.markdown(source)
    for bad in ("<script", "<style", 'href="javascript', 'href="data', 'src="http', 'src="//', "<img src=x"):
        assert bad not in html


def test_markdown_keeps_own_pictures_tables_and_links():
    picture = f"/files/{'0a' * 32}"
    html = filters.markdown(
        f"![图]({picture})\n\n[站外](https://example.com)\n\n| 项 | 例 |\n| --- | --- |\n| a | b |"
    )
    assert f'<img src="{picture}" alt="图">' in html
    for outside in ("/media/1", "//evil/x.png", f"{picture}.svg", f"/files/../{picture}", f"{picture}?x"):
        assert "src" not in filters.markdown(f"![图]({outside})")
    assert 'rel="noopener noreferrer"' in html
    assert '<th scope="col">' in html
    assert filters.markdown(None) == ""


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (["85", "87.4", "60"], ["85.0", "87.4", "60.0"]),
        (["85", "86.71", None], ["85.00", "86.71", "—"]),
        (["84.96"], ["84.96"]),  # with one decimal it would be shown as an 85, which is another grade
        (["85", "90"], ["85", "90"]),
        (["1200.125", "3"], ["1,200.13", "3.00"]),
    ],
)
@pytest.mark.usefixtures("zh")
def test_the_marks_of_a_list_have_the_same_decimals(values, wanted):
    marks = [Decimal(value) if value is not None else None for value in values]
    assert [filters.mark(value, among=marks) for value in marks] == wanted
