"""English says one of something as one; Chinese and messages without a form for one stay as they are."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import render_template_string, session
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup

from cstrain.kernel.errors import DomainError, Each
from cstrain.notifications.wording import says
from cstrain.ui import filters, refusal
from cstrain.web.i18n import catalogue, worded
from cstrain.wording.said import said_row, say

ITEMS = "%(n)s件"
EMPLOYED = "没有停用：这个部门还有%(n)s名在职员工。请先调动他们。"
RANK = "第%(n)s名"
"""The same English for one and for several: ``No. 1``."""


@pytest.fixture
def english(app):
    with app.test_request_context():
        session["locale"] = "en"
        yield app


@pytest.fixture
def chinese(app):
    with app.test_request_context():
        session["locale"] = "zh"
        yield app


@pytest.mark.parametrize("count", [1, "1", Decimal(1), Markup("1")])
def test_one_takes_the_form_for_one(count):
    assert worded(catalogue("en"), ITEMS, {"n": count}) == "%(n)s item"


@pytest.mark.parametrize("count", [0, 2, 11, "1.0", "0", "—", "", None])
def test_any_other_count_takes_the_form_for_several(count):
    assert worded(catalogue("en"), ITEMS, {"n": count}) == "%(n)s items"


@pytest.mark.parametrize("values", [None, {}, {"m": 1}])
def test_a_message_asked_for_without_its_count_has_the_form_for_several(values):
    assert worded(catalogue("en"), ITEMS, values) == "%(n)s items"


@pytest.mark.parametrize("count", [1, 2])
def test_a_message_without_a_form_for_one_stays_as_it_was(english, count):
    assert gettext(RANK, n=count) == f"No. {count}"
    assert gettext("%(n)s of something without English", n=count) == f"{count} of something without English"


@pytest.mark.parametrize("count", [1, 2])
def test_chinese_counts_without_a_plural(chinese, count):
    assert gettext(ITEMS, n=count) == filters.told(say(ITEMS, n=count)) == f"{count}件"
    assert render_template_string("{{ _('%(n)s件', n=n) }}", n=count) == f"{count}件"


WORDS = [(1, "1 item"), (3, "3 items")]


@pytest.mark.parametrize(("count", "wanted"), WORDS)
def test_the_code_says_one_as_one(english, count, wanted):
    assert gettext(ITEMS, n=count) == str(lazy_gettext(ITEMS, n=count)) == wanted


@pytest.mark.parametrize(("count", "wanted"), WORDS)
def test_a_page_says_one_as_one_whether_its_words_are_constant_or_not(english, count, wanted):
    page = "{{ _('%(n)s件', n=n) }}, {{ _(words, n=n) }}, {{ _('%(n)s件', n=n)|nb }}"
    for environment in (english.jinja_env, english.jinja_env._in("en")):
        shown = environment.from_string(page).render(n=count, words=ITEMS)
        assert Markup(shown).striptags().replace("\xa0", " ") == ", ".join([wanted] * 3)


def test_a_page_escapes_what_it_puts_into_a_counted_message(english):
    page = english.jinja_env._in("en").from_string(
        "{% autoescape true %}{{ _('%(n)s件', n=n) }}{% endautoescape %}"
    )
    assert page.render(n="<b>") == "&lt;b&gt; items"


def test_only_counted_messages_are_looked_up_while_a_page_is_rendered(english):
    """A page says hundreds of words; they are made constants when it is compiled."""
    compiled = english.jinja_env._in("en").compile("{{ _('第%(n)s名', n=a) }}{{ _('姓名') }}", raw=True)
    assert "No. " in compiled and "'_'" not in compiled
    compiled = english.jinja_env._in("en").compile("{{ _('%(n)s件', n=a) }}", raw=True)
    assert "items" not in compiled and "'_'" in compiled


def test_a_refusal_says_one_as_one(english):
    one, several = (refusal.told(DomainError(EMPLOYED, n=count)) for count in (1, 2))
    assert one.startswith("Not closed: 1 person still works")
    assert several.startswith("Not closed: 2 people still work")


def test_each_row_of_a_refusal_goes_by_its_own_count(english):
    rows = Each(ITEMS, ({"n": 1}, {"n": 2}))
    assert refusal.told(DomainError("%(rows)s", rows=rows)) == "1 item, 2 items"


@pytest.mark.parametrize(("count", "wanted"), WORDS)
def test_a_notification_says_one_as_one(english, count, wanted):
    assert says(ITEMS, {"n": count}) == wanted


@pytest.mark.parametrize(("count", "wanted"), [(1, "≥ 1 month required"), (3, "≥ 3 months required")])
def test_a_rules_sentence_says_one_as_one(english, count, wanted):
    assert filters.told(say("要求≥%(n)s个月", n=count)) == wanted


def test_sentences_within_a_rules_sentence_go_by_their_own_counts(english):
    parts = said_row("、", [say(ITEMS, n=1), say(ITEMS, n=2)])
    assert (
        filters.told(say("%(months)s等%(n)s个月", months=parts, n=1))
        == "1 item, 2 items and others, 1 month in all"
    )
