"""Pages at random: links followed, forms sent, by whoever; a form found by one is sent by another."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from benchmarks.duties.world import World

_KEPT = 400
_WORDS = ("理由充分", "已核对", "")


@dataclass
class Form:
    """A form of a page: where it goes, its fields with what may be chosen."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Collects links and forms."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.links, self.forms = url, list[str](), list[Form]()
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(_path(self.url, given["href"]))
        elif tag == "form":
            self.forms.append(
                Form(_path(self.url, given.get("action", "")), given.get("method", "get").lower())
            )
        elif tag in {"input", "textarea", "button"}:
            self._add(given.get("name", ""), given.get("type", tag), given.get("value", ""))
        elif tag == "select":
            self._select = given.get("name", "")
            self._add(self._select, tag, None)
        elif tag == "option" and self._select:
            self._add(self._select, "select", given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""

    def _add(self, name: str, kind: str, value: str | None) -> None:
        if name and self.forms:
            values = self.forms[-1].fields.setdefault(name, [])
            self.forms[-1].kinds[name] = kind
            if value is not None:
                values.append(value)


def _path(base: str, link: str) -> str:
    target = urlsplit(urljoin(base, link))
    return "" if target.netloc else target.path + (f"?{target.query}" if target.query else "")


class Browser:
    """Everybody's browser: what it has seen of links and forms, and what went wrong."""

    def __init__(self, world: World, rooms: tuple[str, ...], chance: random.Random) -> None:
        self.world, self.rooms, self.chance = world, rooms, chance
        self.statuses: Counter[str] = Counter()
        self.faults: list[str] = []
        self.links: list[str] = []
        self.forms: list[Form] = []
        for rule in world.app.url_map.iter_rules():
            if not rule.arguments and "GET" in (rule.methods or ()) and self._is_ours(rule.rule, "GET"):
                self.links.append(rule.rule)

    def _is_ours(self, path: str, method: str) -> bool:
        """Tell whether an address belongs to the rooms under test."""
        adapter = self.world.app.url_map.bind("localhost")
        try:
            endpoint, _values = adapter.match(path.partition("?")[0], method=method.upper())
        except (HTTPException, RequestRedirect):
            return False
        view = self.world.app.view_functions[endpoint]
        return str(getattr(view, "__module__", "")).startswith(self.rooms)

    def step(self) -> str:
        """Fetch a page, or send a form; return what was done."""
        person = self.chance.choice(self.world.everybody())
        if self.forms and self.chance.random() < 0.6:
            return self._send(person, self.chance.choice(self.forms[-60:] + self.forms))
        return self._fetch(person, self.chance.choice(self.links[-60:] + self.links))

    def _fetch(self, person: int, url: str) -> str:
        response = self.world.client(person).get(url)
        said = f"GET {url} by {person}: {response.status_code}"
        self._note(said, response.status_code, "GET")
        if response.status_code < 500 and response.mimetype == "text/html":
            self._learn(url, response.text)
        return said

    def _learn(self, url: str, html: str) -> None:
        reader = _Reader(url)
        reader.feed(html)
        fresh = [
            one for one in dict.fromkeys(reader.links) if one not in self.links and self._is_ours(one, "GET")
        ]
        self.links = (self.links + fresh)[-_KEPT:]
        posts = [
            one for one in reader.forms if one.method == "post" and self._is_ours(one.action or url, "POST")
        ]
        for one in posts:
            one.action = one.action or url
        known = {(one.action, *one.fields) for one in self.forms}
        self.forms += [one for one in posts if (one.action, *one.fields) not in known]
        self.forms = self.forms[-_KEPT:]

    def _send(self, person: int, form: Form) -> str:
        data = {name: self._value(name, form) for name in form.fields}
        kept = {name: value for name, value in data.items() if value is not None}
        response = self.world.client(person).post(form.action, data=kept)
        said = f"POST {form.action} by {person}: {response.status_code} {kept}"
        self._note(said, response.status_code, "POST")
        if response.status_code == 422 and response.mimetype == "text/html":
            self._learn(form.action, response.text)
        return said

    def _note(self, said: str, status: int, method: str) -> None:
        self.statuses[f"{method} {status}"] += 1
        if status >= 500:
            self.faults.append(said)

    def _value(self, name: str, form: Form) -> object:
        kind, values, chance = form.kinds[name], form.fields[name], self.chance
        if kind == "hidden":
            return values[0] if values else ""
        if kind in {"button", "submit"}:
            return chance.choice([*values, None]) if values else None
        if kind == "checkbox":
            chosen = [one for one in values if chance.random() < 0.6]
            return chosen or None
        if kind in {"select", "radio"}:
            return chance.choice(values) if values else None
        if kind == "file":
            return None
        return self._typed(kind, name)

    def _typed(self, kind: str, name: str) -> str:
        today = self.world.today + timedelta(days=self.chance.choice((0, 0, 1, -2, -5)))
        if kind == "date" or name.endswith(("day", "_on")):
            return today.isoformat()
        if kind == "month" or name == "month":
            return f"{today:%Y-%m}"
        if kind == "datetime-local" or name.endswith("_at"):
            return f"{today.isoformat()}T10:00"
        if name == "staff_no" or name.startswith("person"):
            return f"W{self.chance.choice(self.world.everybody()):04d}"
        numeric = kind == "number" or name.startswith(("points", "score", "metric"))
        return str(self.chance.choice((0, 3, 10, 60, 80))) if numeric else self.chance.choice(_WORDS)
