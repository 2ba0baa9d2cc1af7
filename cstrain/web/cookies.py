"""The session's cookie and the page's token are signed; a signature is checked once, not at every call.

A candidate's page sends the same two with each answer, and working a signature out costs as much as a
statement of the database. What is remembered is bounded, and known by the whole text, signature included.
"""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import Any

from flask import Flask, Request, g, request
from flask import session as cookie
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import CSRFProtect, same_origin
from itsdangerous import BadSignature, TimestampSigner

_REMEMBERED = 4096


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie, with a memory.

    A session's life is lengthened when a page is opened, not at each small call that a page makes.
    """

    def __init__(self, app: Flask) -> None:
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            raise RuntimeError("the application has no secret key to sign its cookies with")
        self._serializer = serializer
        self._seconds = TimestampSigner(str(app.secret_key)).get_timestamp  # the clock that signed them
        self._read = lru_cache(maxsize=_REMEMBERED)(self._loads)

    def _loads(self, text: str) -> tuple[dict[str, Any], float]:
        """Return what a cookie holds and when it was signed (seconds); raises ``BadSignature``."""
        values, signed_at = self._serializer.loads(text, return_timestamp=True)
        return values, signed_at.timestamp()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """Return the session of a request; an empty one if its cookie is missing, false or too old."""
        text = request.cookies.get(self.get_cookie_name(app))
        try:
            values, signed_at = self._read(text) if text else ({}, 0.0)
        except BadSignature:
            return self.session_class()
        if text and self._seconds() - signed_at > app.permanent_session_lifetime.total_seconds():
            return self.session_class()
        nested = any(isinstance(value, list | dict) for value in values.values())  # Flask appends to a list
        return self.session_class(deepcopy(values) if nested else values)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Tell whether the answer carries the cookie."""
        return session.modified or (session.permanent and not request.is_json)


class Tokens(CSRFProtect):  # type: ignore[misc]
    """Flask-WTF's protection, which remembers the tokens it found right, each with its session's."""

    def __init__(self) -> None:
        super().__init__()
        self._right: dict[tuple[str, str], None] = {}

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse what comes from another site; a token in the header that was right before still is.

        (Tokens do not age here, ``WTF_CSRF_TIME_LIMIT``: they die with their session.)
        """
        pair = (request.headers.get("X-CSRFToken", ""), cookie.get("csrf_token", ""))
        if pair in self._right and (not request.is_secure or _from_here()):
            g.csrf_valid = True
            return
        super().protect(apply_exemptions)
        if g.get("csrf_valid") and request.is_json and all(pair):
            if len(self._right) >= _REMEMBERED:
                self._right.clear()
            self._right[pair] = None


def _from_here() -> bool:
    return bool(request.referrer) and bool(same_origin(request.referrer, f"https://{request.host}/"))
