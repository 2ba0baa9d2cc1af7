"""The session's cookie and the page's token are checked once and remembered: what is false stays false."""

from __future__ import annotations

import time

import pytest
from flask import flash, get_flashed_messages, session
from flask_wtf.csrf import CSRFError, generate_csrf
from itsdangerous import timed

from cstrain.web import cookies

JSON = {"Content-Type": "application/json"}


def signed(app, **values) -> str:
    """A cookie with these values, as the application signs it."""
    return app.session_interface.get_signing_serializer(app).dumps(values)


def opened(app, text: str) -> dict:
    """What the application finds in a cookie."""
    with app.test_request_context(headers={"Cookie": f"cstrain={text}"}):
        return dict(session)


def test_a_cookie_is_found_right_again(app) -> None:
    text = signed(app, who="1")
    assert opened(app, text) == opened(app, text) == {"who": "1"}


def another_sign(text: str) -> str:
    """Change a sign of the signature (not its last one: some of that one's bits say nothing)."""
    return text[:-5] + ("A" if text[-5] != "A" else "B") + text[-4:]


@pytest.mark.parametrize("spoil", [another_sign, lambda text: "x" + text])
def test_a_cookie_that_was_changed_is_empty_also_after_the_right_one_was_seen(app, spoil) -> None:
    text = signed(app, who="1")
    assert opened(app, text)
    assert opened(app, spoil(text)) == {}
    assert opened(app, spoil(text)) == {}


def test_a_remembered_cookie_grows_too_old(app, monkeypatch) -> None:
    text = signed(app, who="1")
    assert opened(app, text)
    later = time.time() + app.permanent_session_lifetime.total_seconds() + 2
    monkeypatch.setattr(timed.time, "time", lambda: later)
    assert opened(app, text) == {}


def test_what_one_request_adds_to_its_session_is_not_in_the_next_one(app) -> None:
    text = signed(app, who="1", _flashes=[("ok", "first")])
    for _ in range(2):
        with app.test_request_context(headers={"Cookie": f"cstrain={text}"}):
            flash("second", "ok")
            session["more"] = "yes"
            assert get_flashed_messages() == ["first", "second"]
    assert opened(app, text) == {"who": "1", "_flashes": [("ok", "first")]}


def protect(app, cookie: str, token: str, **environment) -> None:
    """Let the application judge a small call of a page."""
    headers = JSON | {"Cookie": f"cstrain={cookie}", "X-CSRFToken": token}
    with app.test_request_context("/log-in", method="POST", json={}, headers=headers, **environment):
        app.extensions["csrf"].protect()


@pytest.fixture
def pages(app) -> list[tuple[str, str]]:
    """Cookie and token of two browsers."""
    made = []
    for secret in ("a" * 40, "b" * 40):
        with app.test_request_context(headers={"Cookie": f"cstrain={signed(app, csrf_token=secret)}"}):
            made.append((signed(app, csrf_token=secret), generate_csrf()))
    return made


def test_a_token_is_right_for_its_own_session_only_also_when_it_is_remembered(app, pages) -> None:
    (mine, token), (other, _) = pages
    protect(app, mine, token)
    protect(app, mine, token)
    for cookie in (other, signed(app), ""):
        with pytest.raises(CSRFError):
            protect(app, cookie, token)
    for wrong in ("", token[:-2], token + "x"):
        with pytest.raises(CSRFError):
            protect(app, mine, wrong)


def test_over_https_a_remembered_token_still_has_to_come_from_here(app, pages) -> None:
    mine, token = pages[0]
    protect(app, mine, token)
    here, elsewhere = "https://train.example/x", "https://evil.example/x"
    at = {"base_url": "https://train.example"}
    protect(app, mine, token, **at, environ_overrides={"HTTP_REFERER": here})
    for referrer in ({"HTTP_REFERER": elsewhere}, {}):
        with pytest.raises(CSRFError):
            protect(app, mine, token, **at, environ_overrides=referrer)


def test_only_so_many_tokens_are_remembered(app, pages, monkeypatch) -> None:
    monkeypatch.setattr(cookies, "_REMEMBERED", 1)
    for cookie, token in pages * 2:
        protect(app, cookie, token)
    assert len(app.extensions["csrf"]._right) == 1
