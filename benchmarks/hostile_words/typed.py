"""The strings as people bring them in: typed into editors and forms, as names of files, pasted, in mail.

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

from benchmarks.hostile_words.crawl import Crawler
from tests.factories.media import PDF, picture
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
  return {status: answer.status, url: answer.url, text: await answer.text()};
}"""
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
Pairs = list[tuple[str, str]]
Ask = Callable[..., list[tuple[Any, ...]]]
_AT_ONCE = 9


@dataclass
class Road:
    """What became of the strings on one way in."""

    name: str
    kept: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

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
    said = " ".join(sub(r"<[^>]+>", " ", unescape(found[1] or found[2])).split())
    return sub("“.*”", "“…”", said)[:80]


def _sent(road: Road, word: str, answer: Any) -> bool:
    """Note a refusal or a break; return whether the string was taken."""
    if answer["status"] < 400:
        return True
    why = errors(answer["text"])
    if answer["status"] >= 500 or not why:
        road.wrong.append(f"{answer['status']} for {word!r}")
    else:
        road.refused[why] += 1
    return False


def _compare(road: Road, word: str, stored: Sequence[str], most: int | None = None) -> None:
    wanted = expected(word)[:most]
    if all(each == wanted for each in stored):
        road.kept += 1
    else:
        road.wrong.append(f"{word!r} kept as {stored!r}")


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
            answer = sender.post(
                f"/question-editor/{BANK}/{kind}", [*given.items(multi=True), ("act", "save")]
            )
            if _sent(road, word, answer):
                draft = answer["url"].partition("/question-drafts/")[2].partition("/")[0]
                (fields,) = ask("SELECT fields FROM question_draft WHERE id = ?", draft)[0]
                _compare(road, word, list(_said(json.loads(fields))))
                road.pages.append(f"/question-drafts/{draft}")
    return road


def _said(fields: dict[str, Any]) -> Iterator[str]:
    yield fields["stem"]
    if fields["type"] == "single_choice":
        yield from (fields["options"][0], fields["explanation"])
    else:
        yield from (fields["model"], fields["rubric"][0]["title"], fields["rubric"][0]["hint"])


_PLACE = {"kind": "daily", "day": "3", "handbook": "", "new_handbook": ""}
_PAPER = {"kind": "quiz", "bank": BANK, "way": "hand", "copy_of": ""}


@dataclass(frozen=True)
class Name:
    """A form that takes a name: its address and fields, what it keeps, and where that is listed."""

    road: str
    address: str
    fields: Callable[[str, int], dict[str, str]]
    kept: str
    listed: tuple[str, ...]


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
        lambda word, _number: {"title": word, **_PLACE},
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


def names(sender: Sender, ask: Ask, words: Sequence[str]) -> list[Road]:
    """Type each string as a name of every kind that trainers give, and as a comment."""
    roads = []
    for name in _NAMES:
        road = Road(name.road, pages=list(name.listed))
        for number, word in enumerate(words):
            if _sent(road, word, sender.post(name.address, list(name.fields(word, number).items()))):
                _compare(road, word, ask(f"{name.kept} ORDER BY id DESC LIMIT 1")[0])
        roads.append(road)
    return roads


def lesson_texts(sender: Sender, ask: Ask, words: Sequence[str]) -> Road:
    """Write each string into the text of a lesson, and as the name of its attachment."""
    road = Road("lesson texts and attachments")
    place = [("title", "夜班"), *_PLACE.items()]
    for word in words:
        begun = sender.post("/lessons/writing/new", place)
        ref = begun["url"].split("/")[-2]
        body = f"## 交接\n\n{word}\n\n> **顾客**：{word}\n"
        given = [*place, ("body", body), ("video_link", ""), ("revision", "1")]
        files = [("files", word or "a", "application/pdf", PDF)]
        answer = sender.post(f"/lessons/writing/{ref}/edit", given, files)
        if _sent(road, word, answer):
            (kept,) = ask("SELECT body FROM lesson_draft ORDER BY id DESC LIMIT 1")[0]
            road.kept += expected(body) == kept.strip()
            if expected(body) != kept.strip():
                road.wrong.append(f"{word!r} kept as {kept!r}")
            road.pages.append(f"/lessons/writing/{ref}/publish")
    return road


def pictures(sender: Sender, ask: Ask, words: Sequence[str]) -> Road:
    """Send a picture under each name."""
    road = Road("names of pictures")
    for number, word in enumerate(words):
        raw = picture("PNG", (40 + number % 400, 30 + number // 400))
        answer = sender.post("/files", [], [("file", word or "a", "image/png", raw)])
        if answer["status"] == 200:
            road.kept += 1
        elif answer["status"] == 422 and (why := json.loads(answer["text"]).get("error")):
            road.refused[why] += 1
        else:
            road.wrong.append(f"{answer['status']} for {word!r}: {answer['text'][:100]}")
    return road


def imports(sender: Sender, ask: Ask, words: Sequence[str], look: Callable[[list[str]], None]) -> list[Road]:
    """Send a file under each name, and paste each string as stem, option and explanation.

    So few at a time as may wait to be confirmed; their pages are looked at, then they are cancelled.
    """
    named, pasted = Road("names of imported files"), Road("pasted texts")
    for start in range(0, len(words), _AT_ONCE):
        pages = []
        for number, word in enumerate(words[start : start + _AT_ONCE], start):
            pages += _imported(sender, ask, named, pasted, number, word)
        look(pages)
        for (batch,) in ask("SELECT id FROM question_import WHERE state IN ('checked', 'asking')"):
            sender.post(f"/question-imports/{batch}/cancel", [])
    return [named, pasted]


def _imported(sender: Sender, ask: Ask, named: Road, pasted: Road, number: int, word: str) -> Iterator[str]:
    where = [("bank", BANK), ("new_name", ""), ("new_title", "")]
    raw = f"题型,题干,选项A,选项B,答案\n单选题,几天？,{number}天,不退,A\n".encode()
    pairs = [("text", ""), ("format", "csv"), *where]
    answer = sender.post("/question-imports/new", pairs, [("file", word or "a", "text/csv", raw)])
    if _sent(named, word, answer):
        named.kept += 1
        yield answer["url"].removeprefix(sender.site)
    text = f"1. {word}\nA. {word}\nB. 第{number}项\n答案：B\n解析：{word}\n"
    pairs = [("text", text), ("format", "text"), *where]
    answer = sender.post("/question-imports/new", pairs, [("file", "", "application/octet-stream", b"")])
    if _sent(pasted, word, answer):
        _pasted(pasted, ask, word, answer["url"].rpartition("/")[2])
        yield answer["url"].removeprefix(sender.site)


def _pasted(road: Road, ask: Ask, word: str, batch: str) -> None:
    """Compare a pasted question with what was read; what was not read must say why."""
    rows = ask("SELECT kind, text, data FROM question_import_item WHERE batch_id = ?", batch)
    if not rows:
        (why,) = ask("SELECT why FROM question_import WHERE id = ?", batch)[0]
        rows = [("fault", why, "{}")]
    for kind, text, data in rows:
        if kind == "question":
            found = json.loads(data)["fields"]
            said = [found["stem"], found.get("options", [""])[0], found.get("explanation", "")]
            _compare(road, " ".join(word.split()), [" ".join(each.split()) for each in said])
        elif kind == "fault":
            road.refused[sub("“.*”", "“…”", text)[:60]] += 1
            if not text:
                road.wrong.append(f"no reason for {word!r}")


def people(sender: Sender, ask: Ask, words: Sequence[str]) -> Road:
    """Give somebody each string as a name."""
    road = Road("names of people")
    (person,) = ask("SELECT id FROM person WHERE staff_no = 'HM041'")[0]
    for word in words:
        pairs = [("name", word), ("phone", ""), ("email", ""), ("extension", "")]
        if _sent(road, word, sender.post(f"/people/{person}/edit", pairs)):
            _compare(road, word, ask("SELECT name FROM person WHERE id = ?", person)[0])
    return road


def asking(path: Path) -> Ask:
    """Return what asks the database file."""

    def ask(statement: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(statement, values).fetchall()

    return ask


def tried(
    site: str, path: Path, words: Sequence[str], signed_in: Callable[[str], Any]
) -> tuple[list[Road], Crawler]:
    """Take every road with every string; ``signed_in`` gives a context in which a person is logged in."""
    ask, trainer = asking(path), "HM009"
    sender, crawler = Sender(signed_in(trainer).new_page(), site), Crawler(site, words)
    crawler.rest = 60

    def look(pages: Sequence[str]) -> None:
        crawler.each = crawler.most = len(pages)
        context = signed_in(trainer)
        crawler.visit(context, trainer, pages)
        context.close()

    roads = [editors(sender, ask, words), *names(sender, ask, words), lesson_texts(sender, ask, words)]
    look(list(dict.fromkeys(page for road in roads for page in road.pages)))
    roads += [pictures(sender, ask, words), *imports(sender, ask, words, look)]
    roads.append(people(Sender(signed_in("HM005").new_page(), site), ask, words))
    return roads, crawler
