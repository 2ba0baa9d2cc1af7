"""Reads a page as a browser without scripts does: the fields of a form as they would be sent, its buttons."""

from __future__ import annotations

from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict

_VOID = {"hidden", "text", "checkbox", "radio", "file", "search", ""}


class _Reader(HTMLParser):
    def __init__(self, form: str) -> None:
        super().__init__()
        self.wanted, self.inside, self.hidden_depth = form, False, 0
        self.values: list[tuple[str, str]] = []
        self.buttons: list[str] = []
        self._area: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form" and given.get("id") == self.wanted:
            self.inside = True
        if tag == "template":
            self.hidden_depth += 1
        if not self.inside or self.hidden_depth:
            return
        name = given.get("name")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "textarea" and name:
            self._area = (name, [])
        elif tag == "select" and name:
            self._select = (name, [])
        elif tag == "option" and self._select:
            self._select[1].append((given.get("value", ""), "selected" in given))
        elif tag == "button" and name == "act":
            self.buttons.append(given.get("value", ""))

    def _input(self, name, given):
        kind = given.get("type", "text")
        if kind in ("checkbox", "radio"):
            if "checked" in given:
                self.values.append((name, given.get("value", "on")))
        elif kind != "file":
            self.values.append((name, given.get("value") or ""))

    def handle_data(self, data):
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "template":
            self.hidden_depth -= 1
        elif tag == "textarea" and self._area:
            name, text = self._area
            self.values.append((name, "".join(text).removeprefix("\n").replace("\n", "\r\n")))
            self._area = None
        elif tag == "select" and self._select:
            name, options = self._select
            chosen = [value for value, selected in options if selected] or [value for value, _ in options[:1]]
            self.values += [(name, value) for value in chosen]
            self._select = None


def form_of(page: str, form: str = "editor-form") -> MultiDict:
    """Return what the form of a page would send, without a button."""
    reader = _Reader(form)
    reader.feed(page)
    return MultiDict([pair for pair in reader.values if pair[0] != "csrf_token"])


def buttons_of(page: str, form: str = "editor-form") -> list[str]:
    """Return the values of the form's buttons called ``act``."""
    reader = _Reader(form)
    reader.feed(page)
    return reader.buttons
