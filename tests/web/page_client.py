"""A test client that checks every page it fetches and every write it makes."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from cstrain.extensions import db
from tests.house_watch import watch

_VOID_AUDIT = re.compile(r"/attempts/\d+/(answers|sync)|/log-in|/log-out")


class _Page(HTMLParser):
    """Collects what the checks look at."""

    def __init__(self) -> None:
        super().__init__()
        self.h1 = 0
        self.title = ""
        self.faults: list[str] = []
        self.forms: list[dict[str, object]] = []
        self.labels: set[str] = set()
        self.inputs: list[tuple[str, dict[str, str | None], bool]] = []
        self._in_title = False
        self._label_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "h1":
            self.h1 += 1
        elif tag == "title":
            self._in_title = True
        elif tag == "label":
            self._label_depth += 1
            if values.get("for"):
                self.labels.add(str(values["for"]))
        elif tag == "form":
            self.forms.append({"method": (values.get("method") or "get").lower(), "csrf": False})
        elif tag in {"input", "select", "textarea"}:
            if values.get("name") == "csrf_token" and self.forms:
                self.forms[-1]["csrf"] = True
            self.inputs.append((tag, values, self._label_depth > 0))
        elif tag == "script" and not values.get("src") and values.get("type") != "application/json":
            self.faults.append("inline script")
        if "style" in values:
            self.faults.append(f"inline style on <{tag}>")
        for name in values:
            if name.startswith("on"):
                self.faults.append(f"inline handler {name} on <{tag}>")
        for name in ("src", "href"):
            if str(values.get(name) or "").startswith(("http:", "https:", "//")):
                self.faults.append(f"outside request {values[name]}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag == "label":
            self._label_depth -= 1

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


def page_faults(html: str) -> list[str]:
    """What is wrong with a page, whatever it is about."""
    page = _Page()
    page.feed(html)
    faults = list(page.faults)
    if page.h1 != 1:
        faults.append(f"{page.h1} <h1> instead of one")
    if not page.title.strip():
        faults.append("no title")
    for form in page.forms:
        if form["method"] == "post" and not form["csrf"]:
            faults.append("a POST form without CSRF field")
    for tag, values, wrapped in page.inputs:
        if values.get("type") in {"hidden", "submit", "button"}:
            continue
        named = (
            wrapped
            or values.get("id") in page.labels
            or values.get("aria-label")
            or values.get("aria-labelledby")
        )
        if not named:
            faults.append(f"<{tag} name={values.get('name')}> without label")
    return faults


class PageClient:
    """Wraps Flask's client: GETs are checked as pages, POSTs for CSRF, audit and redirect."""

    def __init__(self, app) -> None:
        self.app = app
        self.raw = app.test_client()

    def log_in_as(self, person_id: int) -> PageClient:
        """Sign a person in without the log-in page."""
        from cstrain.people.accounts import sign_in_for_tests

        with self.app.app_context():
            token = sign_in_for_tests(person_id)
        with self.raw.session_transaction() as cookie:
            cookie.clear()
            cookie.update(token)
        return self

    def get(self, url: str, status: int = 200, **kwargs) -> str:
        """Fetch a page and check it."""
        response = self.raw.get(url, **kwargs)
        assert response.status_code == status, f"GET {url}: {response.status_code}\n{response.text[:2000]}"
        if response.mimetype == "text/html" and (200 <= status < 300 or status >= 400):
            faults = page_faults(response.text)
            assert not faults, f"GET {url}: {faults}"
        return response.text

    def download(self, url: str, status: int = 200) -> bytes:
        """Fetch a file."""
        response = self.raw.get(url)
        assert response.status_code == status, f"GET {url}: {response.status_code}"
        return response.data

    def csrf(self) -> str:
        """A token for the present session."""
        with self.app.test_request_context():
            from flask import session as cookie
            from flask_wtf.csrf import generate_csrf

            with self.raw.session_transaction() as mine:
                cookie.update(mine)
                token = generate_csrf()
                mine.update(cookie)
        return token

    def _endpoint(self, url: str) -> str:
        path = url.partition("?")[0]
        return str(self.app.url_map.bind("localhost").match(path, method="POST")[0])

    def _audit_count(self) -> int:
        from cstrain.audit.models import AuditEntry

        with self.app.app_context():
            count = db.session.query(AuditEntry).count()
            db.session.remove()
        return count

    def post(
        self, url: str, data: dict | None = None, status: int = 302, *, audited: bool | None = None, **kwargs
    ):
        """Send a form with its CSRF token; a successful write must leave an audit entry."""
        before = self._audit_count()
        form = {"csrf_token": self.csrf(), **(data or {})}
        response = self.raw.post(url, data=form, **kwargs)
        assert response.status_code == status, f"POST {url}: {response.status_code}\n{response.text[:2000]}"
        expected = audited if audited is not None else (status < 400 and not _VOID_AUDIT.search(url))
        if expected:
            assert self._audit_count() > before, f"POST {url} left no audit entry"
            watch.note("posts", self._endpoint(url))
        if status >= 400:
            assert self._audit_count() == before, f"POST {url} was refused and still left an audit entry"
            if response.mimetype == "text/html":
                assert not page_faults(response.text), page_faults(response.text)
        return response
