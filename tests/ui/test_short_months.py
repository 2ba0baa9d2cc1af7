"""Months under charts: short in both languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask_babel import force_locale

from cstrain.performance.presenting import shown
from cstrain.ui.filters import short_month


@pytest.mark.parametrize(("locale", "said"), [("zh", "11月"), ("en", "Nov")])
def test_a_month_under_a_chart_is_short(app, locale, said) -> None:
    with app.test_request_context(), force_locale(locale):
        assert short_month(date(2026, 11, 1)) == said


@pytest.mark.parametrize(
    ("locale", "name", "said"),
    [
        ("zh", "score", "87.4分"),
        ("en", "score", "87.4 marks"),
        ("en", "csat", "87.4%"),
        ("zh", "csat", "87.4%"),
    ],
)
def test_a_unit_that_is_a_word_stands_apart_from_its_number(app, locale, name, said) -> None:
    with app.test_request_context(), force_locale(locale):
        assert shown(name, Decimal("87.4")) == said
