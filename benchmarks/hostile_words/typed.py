"""The strings as people type them: into editors, into forms that give names, into lessons.

They are sent from a page in a real browser, encoded by it. What is kept must be what was typed but for signs
that nobody types; what is refused must say why; nothing that is shown afterwards may run.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from re import DOTALL, search, sub
from typing import Any

from tests.questions.authoring.pages import form_of

BANK = "sq1-own"
_SEND = """async ({url, pairs, files}) => {
  const form = new FormData();
  for (const [name, value] of pairs) form.append(name, value);
  for (const [name, called, type, base] of files) {
    const raw = Uint8Array.from(atob(base), (sign) => sign.charCodeAt(0));
    form.append(name, new File([raw], called, {type}));
  }
  const answer = await fetch(url, {method: "POST", body: form});
  const text = await answer.text(), told = answer.status >= 400 || !answer.redirected;
  return {status: answer.status, url: answer.url, text: told ? text : ""};
}"""
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_FEW = 40
Pairs = list[tuple[str, str]]
Ask = Callable[..., list[tuple[Any, ...]]]


@dataclass
class Road:
    """What became of the strings on one way in."""

    name: str
    kept: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    shown: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Pages that must show a string: what was typed, and in how many places, by address."""

    def told(self) -> str:
        """Return a line of figures, and what went wrong."""
        said = "; ".join(f"{count} × {why}" for why, count in self.refused.most_common())
        lines = [f"{self.name}: {self.kept} kept, {sum(self.refused.values())} refused ({said or '-'})"]
        return "\n".join([*lines, *(f"    wrong: {each[:200]}" for each in self.wrong[:20])])


def expected(word: str) -> str:
    """Return what a form keeps of a string: no control characters, no turning marks, no blanks outside."""
    text = word.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign
        for sign in text
        if sign in "\n\t" or (unicodedata.category(sign) != "Cc" and sign not in _TURNING)
    ).strip()


class Sender:
    """A page that is open in the browser, from which forms are sent."""

    def __init__(self, page: Any, site: str) -> None:
        self.page, self.site = page, site
        page.goto(f"{site}/")
        self.token = page.get_attribute("[name=csrf_token]", "value")

    def form(self, address: str, name: str) -> Any:
        """Return a fresh form of a page as it would be sent."""
        return form_of(self.page.request.get(f"{self.site}{address}").text(), name)

    def post(self, address: str, pairs: Pairs, files: Sequence[tuple[str, str, str, bytes]] = ()) -> Any:
        """Send a form; ``files`` are field, name, type and content."""
        packed = [[one, called, kind, base64.b64encode(raw).decode()] for one, called, kind, raw in files]
        whole = [("csrf_token", self.token), *pairs]
        return self.page.evaluate(_SEND, {"url": f"{self.site}{address}", "pairs": whole, "files": packed})


def errors(text: str) -> str:
    """Return what a refused page says, without the string that it is said of."""
    found = search(r'class="err"[^>]*>(.*?)</p>|role="alert"[^>]*>(.*?)</div>', text, DOTALL)
    if found is None:
        return ""
    said = " ".join(unescape(sub(r"<[^>]+>", " ", found[1] or found[2])).split())
    return sub("“.*”", "“…”", said)[:80]


def sent(road: Road, word: str, answer: Any) -> bool:
    """Note a refusal or a break of a page; return whether the string was taken."""
    if answer["status"] < 400:
        return True
    why = errors(answer["text"])
    if answer["status"] >= 500 or not why:
        road.wrong.append(f"{answer['status']} for {word!r}")
    else:
        road.refused[why] += 1
    return False


def compare(road: Road, word: str, stored: Sequence[str]) -> None:
    """Note whether everything that is stored of a string is the string."""
    wanted = expected(word)
    if all(each == wanted for each in stored):
        road.kept += 1
    else:
        road.wrong.append(f"{word!r} kept as {stored!r}")


_WHOLE = {
    "single_choice": {"options-1-text": "另一项", "options-right": "1"},
    "short_answer": {"rubric-0-of": "10"},
}
"""What else is typed: pages show no question that is not whole."""


def editors(sender: Sender, ask: Ask, words: Sequence[str]) -> Road:
    """Type each string as stem, option and explanation, and as stem, model answer and criterion."""
    road = Road("editors")
    for kind in ("single_choice", "short_answer"):
        typed = sender.form(f"/question-editor/{BANK}/{kind}", "editor-form")
        places = {
            "single_choice": ("stem", "options-0-text", "explanation"),
            "short_answer": ("stem", "model", "rubric-0-title", "rubric-0-hint"),
        }[kind]
        for word in words:
            given = typed.copy()
            for place in places:
                given[place] = word
            for place in _WHOLE[kind]:
                given[place] = _WHOLE[kind][place]
            answer = sender.post(
                f"/question-editor/{BANK}/{kind}", [*given.items(multi=True), ("act", "save")]
            )
            if sent(road, word, answer):
                draft = answer["url"].partition("/question-drafts/")[2].partition("/")[0]
                (fields,) = ask("SELECT fields FROM question_draft WHERE id = ?", draft)[0]
                compare(road, word, list(_said(json.loads(fields))))
                road.shown[f"/question-drafts/{draft}"] = (word, len(places))
    return road


def _said(fields: dict[str, Any]) -> Iterator[str]:
    yield fields["stem"]
    if fields["type"] == "single_choice":
        yield from (fields["options"][0], fields["explanation"])
    else:
        yield from (fields["model"], fields["rubric"][0]["title"], fields["rubric"][0]["hint"])


PLACE = {"kind": "daily", "day": "3", "handbook": "", "new_handbook": ""}
_PAPER = {"kind": "quiz", "bank": BANK, "way": "hand", "copy_of": ""}


@dataclass(frozen=True)
class Name:
    """A form that takes a name: its address and fields, what it keeps, and where that is listed."""

    road: str
    address: str
    fields: Callable[[str, int], dict[str, str]]
    kept: str
    listed: tuple[str, ...]
    removed: str = ""
    """The address that takes one away, where only few can be had; a name given twice is the same one."""


_LISTS = tuple(f"/lessons/writing?page={page}" for page in range(1, 20))
_NAMES = (
    Name(
        "names of banks",
        "/new-bank",
        lambda word, number: {"name": f"bank-{number}", "title": word, "description": word},
        "SELECT title FROM bank",
        ("/banks", "/question-imports/new"),
    ),
    Name(
        "names of topics",
        f"/bank-settings/{BANK}/topics",
        lambda word, _number: {"title": word, "parent": ""},
        "SELECT title FROM topic",
        (f"/bank-settings/{BANK}", f"/banks/{BANK}", f"/bank-coverage/{BANK}"),
    ),
    Name(
        "names of saved searches",
        "/question-views",
        lambda word, _number: {"name": word, "wanted": "text=1"},
        "SELECT name FROM saved_view",
        ("/question-views", "/questions"),
        "/question-views/{}/remove",
    ),
    Name(
        "names of papers",
        "/papers/drafts/new",
        lambda word, number: {"name": f"p-{number}", "title": word, **_PAPER},
        "SELECT json_extract(content, '$.title') FROM paper_draft",
        ("/papers/drafts",),
    ),
    Name(
        "names of lessons",
        "/lessons/writing/new",
        lambda word, _number: {"title": word, **PLACE},
        "SELECT title FROM lesson_draft",
        _LISTS,
    ),
    Name(
        "comments",
        f"/banks/{BANK}/own-0001/comment",
        lambda word, _number: {"text": word},
        "SELECT text FROM question_comment",
        (f"/banks/{BANK}/own-0001",),
    ),
)


def names(
    sender: Sender, ask: Ask, words: Sequence[str], look: Callable[[Sequence[str]], None]
) -> Iterator[Road]:
    """Type each string as a name of every kind that trainers give, and as a comment."""
    for name in _NAMES:
        road = Road(name.road, pages=list(name.listed))
        for number, word in enumerate(words):
            if sent(road, word, sender.post(name.address, list(name.fields(word, number).items()))):
                again = ask(f"{name.kept} WHERE name = ?", expected(word)) if name.removed else []
                compare(road, word, (again or ask(f"{name.kept} ORDER BY id DESC LIMIT 1"))[0])
            if name.removed and number % _FEW == _FEW - 1:
                look(name.listed)
                _take_away(sender, ask, name)
        yield road


def _take_away(sender: Sender, ask: Ask, name: Name) -> None:
    for (one,) in ask(name.kept.replace("name", "id", 1)):
        sender.post(name.removed.format(one), [])


def lesson_texts(sender: Sender, ask: Ask, words: Sequence[str]) -> Road:
    """Write each string into the text of a lesson, in a line of its own and in a quoted one."""
    road = Road("lesson texts")
    place = [("title", "夜班"), *PLACE.items()]
    for word in words:
        begun = sender.post("/lessons/writing/new", place)
        ref = begun["url"].split("/")[-2]
        body = f"## 交接\n\n{word}\n\n> **顾客**：{word}\n"
        given = [*place, ("body", body), ("video_link", ""), ("revision", "1")]
        answer = sender.post(f"/lessons/writing/{ref}/edit", given)
        if sent(road, word, answer):
            (kept,) = ask("SELECT body FROM lesson_draft ORDER BY id DESC LIMIT 1")[0]
            road.kept += expected(body) == kept.strip()
            if expected(body) != kept.strip():
                road.wrong.append(f"{word!r} kept as {kept!r}")
            road.pages.append(f"/lessons/writing/{ref}/publish")
    return road


def people(sender: Sender, ask: Ask, words: Sequence[str]) -> Road:
    """Give somebody each string as a name; it is one line without signs that nobody sees."""
    road = Road("names of people")
    (person,) = ask("SELECT id FROM person WHERE staff_no = 'HM041'")[0]
    for word in words:
        pairs = [("name", word), ("phone", ""), ("email", ""), ("extension", "")]
        if sent(road, word, sender.post(f"/people/{person}/edit", pairs)):
            said = "".join(sign for sign in word if sign not in "\r\n\u200b\u2028\u2060\u202b")
            compare(road, said, ask("SELECT name FROM person WHERE id = ?", person)[0])
    return road


def asking(path: Path) -> Ask:
    """Return what asks the database file."""

    def ask(statement: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(path, timeout=20)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    return ask
