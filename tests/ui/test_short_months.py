"""Months under charts: short in both languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask_babel import force_locale

from cstrain.performance.facts import METRICS
from cstrain.performance.presenting import shown, unit
from cstrain.ui.filters import short_month


@pytest.mark.parametrize(("locale", "said"), [("zh", "11月"), ("en", "Nov")])
def test_a_month_under_a_chart_is_short(app, locale, said) -> None:
    with app.test_request_context(), force_locale(locale):
        assert short_month(date(2026, 11, 1)) == said


@pytest.mark.parametrize(
    ("locale", "name", "said"),
    [
        ("zh", "score", "87.4分"),
        ("en", "score", "87.4 points"),
        ("en", "csat", "87.4%"),
        ("zh", "csat", "87.4%"),
    ],
)
def test_a_unit_that_is_a_word_stands_apart_from_its_number(app, locale, name, said) -> None:
    with app.test_request_context(), force_locale(locale):
        assert shown(name, Decimal("87.4")) == said


@pytest.mark.parametrize(
    ("locale", "name", "value", "said"),
    [
        ("zh", "brand_points", "1", "1分"),
        ("en", "brand_points", "1", "1 point"),
        ("en", "brand_points", "132", "132 points"),
        ("en", "wrong_tickets", "1", "1 ticket"),
        ("en", "attendance_days", "21.5", "21.5 days"),
        ("en", "sales", "1200", "¥1,200"),
    ],
)
def test_one_of_a_unit_is_said_as_one(app, locale, name, value, said) -> None:
    with app.test_request_context(), force_locale(locale):
        assert shown(name, Decimal(value), [Decimal(value)]) == said


@pytest.mark.parametrize(
    ("locale", "name", "said"),
    [("zh", "attendance_days", "天"), ("en", "attendance_days", "days"), ("en", "excellent_cases", "")],
)
def test_a_unit_stands_alone_beside_a_field(app, locale, name, said) -> None:
    with app.test_request_context(), force_locale(locale):
        assert unit(name) == said


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_has_its_unit(app, name) -> None:
    with app.test_request_context(), force_locale("zh"):
        assert unit(name) == METRICS[name].unit
