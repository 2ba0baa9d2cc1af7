"""What every form of the house shares."""

from decimal import Decimal

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, StringField
from wtforms.validators import Optional

from cstrain.ui.forms import (
    MOST_ID,
    CleanForm,
    CleanPart,
    DayField,
    InstantField,
    MarkField,
    at_most,
    clean,
    needed,
    typed_day,
    whole,
)
from tests.ui.sample_app import make_app


class _Asked(CleanForm):
    class Meta:
        csrf = False

    name = StringField("name", [needed(), at_most(5)])
    secret = PasswordField("secret")
    day = DayField("day", [Optional()])
    at = InstantField("at", [Optional()])
    mark = MarkField("mark", [Optional()])


class _Part(CleanPart):
    name = StringField("name")


@pytest.fixture
def app() -> Flask:
    return make_app()


def asked(app: Flask, **typed: str) -> _Asked:
    with app.test_request_context("/"):
        form = _Asked(MultiDict(typed))
        form.validate()
        return form


def test_blanks_do_not_fill_a_needed_field(app):
    for typed in ("", "   ", "\u3000\t\n", "\x00\x07"):
        assert asked(app, name=typed).name.errors, repr(typed)
    assert not asked(app, name=" 周敏 ").name.errors


def test_text_arrives_without_outer_blanks_control_signs_and_turned_writing(app):
    assert asked(app, name="  周\x00敏\u202e\n").name.data == "周敏"
    with app.test_request_context("/"):
        assert _Part(MultiDict({"name": "a\x01b"})).name.data == "ab"


def test_lines_emoji_and_full_width_signs_are_kept():
    assert clean("一\n二\t😀１２ 👩\u200d💻") == "一\n二\t😀１２ 👩\u200d💻"


def test_a_line_ends_with_one_sign_as_the_limits_of_browsers_count() -> None:
    assert clean("一\r\n二\r三\n") == "一\n二\n三"


def test_what_is_not_text_passes():
    assert clean(None) is None
    assert clean(3) == 3


def test_a_password_stays_as_it_was_typed(app):
    assert asked(app, secret=" a \x01").secret.data == " a \x01"


def test_a_text_that_is_too_long_says_how_long_it_may_be(app):
    assert "5" in str(asked(app, name="一二三四五六").name.errors[0])


@pytest.mark.parametrize(
    "typed", ["9999-12-31", "0001-01-01", "1949-12-31", "2101-01-01", "2026-13-45", "明天"]
)
def test_a_day_out_of_reach_is_refused_and_kept(app, typed):
    field = asked(app, day=typed).day
    assert field.errors
    assert field.data is None
    assert field._value() == typed


def test_a_time_out_of_reach_is_refused(app):
    assert asked(app, at="9999-12-31T23:59").at.errors
    assert not asked(app, at="2026-11-20T14:00").at.errors


@pytest.mark.parametrize("typed", ["1e999999", "-1e999999", "1e12", "NaN", "Infinity", "79.5555", "x"])
def test_a_mark_out_of_reach_is_refused_and_not_a_fault(app, typed):
    field = asked(app, mark=typed).mark
    assert field.errors
    assert field.data is None
    assert field._value() == typed


@pytest.mark.parametrize("typed", ["79.555", "0", "-3", "999999999999"])
def test_a_mark_is_read_exactly(app, typed):
    assert asked(app, mark=typed).mark.data == Decimal(typed)


def test_a_day_in_an_address_is_a_day_or_nothing():
    assert str(typed_day("2026-11-20")) == "2026-11-20"
    assert [typed_day(text) for text in (None, "", "x", "9999-12-31", "0001-01-01")] == [None] * 5


def test_a_number_of_an_address_fits_a_column():
    assert whole(str(MOST_ID)) == MOST_ID
    for text in (str(MOST_ID + 1), "9" * 10_000, "-1", "x", ""):
        with pytest.raises(ValueError, match=r"^"):
            whole(text)
