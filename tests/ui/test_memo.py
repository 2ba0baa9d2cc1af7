"""What templates say again and again is said once: by language, arguments, and where the site is mounted."""

from __future__ import annotations

import pytest
from flask import get_template_attribute, render_template_string
from flask_babel import force_locale
from markupsafe import Markup

from cstrain.ui.memo import memo


@pytest.fixture
def counted():
    """A macro that counts how often it was really said."""
    said: list[tuple] = []

    def macro(*values, **named) -> Markup:
        said.append((values, named))
        return Markup("<b>%s</b>") % (values or ("",))[0]

    return macro, said


def test_the_same_words_are_made_once(app, counted) -> None:
    macro, said = counted
    kept = memo(macro)
    with app.test_request_context("/"):
        assert kept("x", small=True) is kept("x", small=True)
        assert kept("y") != kept("x")
    assert len(said) == 3


def test_markup_and_the_same_plain_text_are_two_things(app, counted) -> None:
    macro, _said = counted
    kept = memo(macro)
    with app.test_request_context("/"):
        assert kept("<i>") == "<b>&lt;i&gt;</b>"
        assert kept(Markup("<i>")) == "<b><i></b>"


def test_each_place_the_site_is_mounted_at_has_its_own_addresses(app) -> None:
    icons = []
    for mounted in ("", "/company"):
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": mounted}):
            icons.append(get_template_attribute("_ui/status.html", "icon")("ok"))
    assert 'href="/static/' in icons[0] and 'href="/company/static/' in icons[1]


def test_each_language_says_its_own_words(app) -> None:
    source = "{% from '_ui/question_kinds.html' import kind_name %}{{ kind_name('essay') }}"
    said = []
    for language in ("zh", "en"):
        with app.test_request_context("/"), force_locale(language):
            said.append(render_template_string(source))
    assert said == ["论述", "Essay"]


def test_it_is_said_outside_of_requests_too(app, counted) -> None:
    macro, said = counted
    with app.app_context():
        assert memo(macro)("x") == "<b>x</b>"
    assert len(said) == 1
