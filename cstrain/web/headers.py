"""Security headers on every answer of the application (docs/rules.md 5), error pages and files included."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Strict-Transport-Security": "max-age=31536000",
    "Cache-Control": "no-store",
}
_BY_NAME = {name.lower(): (name, value) for name, value in _HEADERS.items()}


def hardened(application: WSGIApplication) -> WSGIApplication:
    """Return the application with the headers on each answer, except those a view has set its own way."""

    def outer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *why: Any) -> Callable[[bytes], object]:
            given = {name.lower() for name, _ in headers}
            added = [_BY_NAME[name] for name in _BY_NAME if name not in given]
            return start_response(status, headers + added, *why)

        return application(environ, begin)

    return outer
