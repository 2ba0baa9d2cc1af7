"""The strings as names of files, in pasted texts, as tags and searches, in reports and answers."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from benchmarks.hostile_words.crawl import Crawler
from benchmarks.hostile_words.mailed import mail, with_mail
from benchmarks.hostile_words.typed import (
    BANK,
    PLACE,
    Ask,
    Road,
    Sender,
    asking,
    compare,
    editors,
    expected,
    lesson_texts,
    names,
    people,
    sent,
)
from tests.factories.media import PDF, picture

Look = Callable[[list[str]], None]
_AT_ONCE = 9
_EACH_OPENED = 25
_NOT_WHOLE = "先把上面要改的地方写完"
_ODD = re.compile(r'[<>:"|?*%/\\]')
_ATTACHED = re.compile(r"attachment; filename\*=UTF-8''([\w.!~'()%-]+)", re.ASCII)
_APART = re.compile(r"[,，、;；\s]+")
_SEARCHED = re.compile(r'<input[^>]*name="text"[^>]*value="([^"]*)"')


def _same_signs(name: str, word: str) -> bool:
    """Tell whether a file's name is of the word's letters and digits, in order.

    One without any is called 文件 by us; browsers send the signs that end a name as %0D, %0A and %22.
    """
    for sign in '\r\n"':
        word = word.replace(sign, f"{ord(sign):02X}")
    given = iter(unicodedata.normalize("NFC", f"{word or 'a'}文件"))
    return all(sign in given for sign in unicodedata.normalize("NFC", name) if sign.isalnum())


def _is_safe(name: str) -> bool:
    hidden = any(unicodedata.category(sign)[0] in "C" for sign in name)
    return not hidden and not _ODD.search(name) and 0 < len(name) <= 120 and not name.startswith(".")


def files(sender: Sender, ask: Ask, words: Sequence[str], look: Look) -> list[Road]:
    """Attach a file to a lesson and put a picture into it under each name; download every attachment."""
    pictures, attached = Road("names of pictures"), Road("names of attachments, downloaded")
    for start in range(0, len(words), _AT_ONCE):
        some = list(enumerate(words[start : start + _AT_ONCE], start))
        body = "## 图\n\n" + "\n\n".join(_pictured(sender, pictures, *each) for each in some)
        look([page for ref in _attached(sender, ask, attached, some, body) for page in _pages_of(ref)])
    return [pictures, attached]


def _pages_of(ref: str) -> list[str]:
    return [f"/lessons/writing/{ref}/edit", f"/lessons/writing/{ref}/publish"]


def _attached(
    sender: Sender, ask: Ask, road: Road, some: Sequence[tuple[int, str]], body: str
) -> Iterator[str]:
    """Attach files of these names to one lesson; where they are refused together, each to one of its own."""
    begun = sender.post("/lessons/writing/new", [("title", "夜班"), *PLACE.items()])
    ref = begun["url"].split("/")[-2]
    given = [("title", "夜班"), *PLACE.items(), ("body", body), ("video_link", ""), ("revision", "1")]
    raw = [("files", word or "a", "application/pdf", PDF + b"%% %d" % number) for number, word in some]
    answer = sender.post(f"/lessons/writing/{ref}/edit", given, raw)
    if answer["status"] >= 400 and len(some) > 1:
        for one in some:
            yield from _attached(sender, ask, road, [one], body)
    elif sent(road, some[0][1], answer):
        (kept,) = ask("SELECT attachments FROM lesson_draft ORDER BY id DESC LIMIT 1")[0]
        for (number, word), one in zip(some, json.loads(kept), strict=True):
            _downloaded(sender, road, word, one, opened=number % _EACH_OPENED == 0)
        yield ref


def _pictured(sender: Sender, road: Road, number: int, word: str) -> str:
    raw = picture("PNG", (40 + number % 400, 30 + number // 400))
    for address in ("/files", "/lessons/writing/pictures"):
        answer = sender.post(address, [], [("file", word or "a", "image/png", raw)])
        found = json.loads(answer["text"]) if answer["status"] in {200, 422} else {}
    if "name" in found and _is_safe(found["name"]) and _same_signs(found["name"][:-4], word):
        road.kept += 1
        return f"![图{number}]({found['url']})"
    if "error" in found:
        road.refused[found["error"]] += 1
    else:
        road.wrong.append(f"{answer['status']} for {word!r}: {answer['text'][:100]}")
    return f"图{number}"


def _downloaded(sender: Sender, road: Road, word: str, kept: Sequence[Any], *, opened: bool) -> None:
    """Check an attachment's name, the head of its download, and what the browser saves it as."""
    name, address = kept[1], f"{sender.site}/files/{kept[0]}"
    answer = sender.page.request.get(address)
    heads = [each["value"] for each in answer.headers_array if each["name"].lower() == "content-disposition"]
    said = [found[1] for each in heads if (found := _ATTACHED.fullmatch(each))]
    good = _is_safe(name) and _same_signs(name[:-4], word) and list(map(unquote, said)) == [name]
    if good and opened:
        with sender.page.expect_download() as waiting:
            sender.page.evaluate("address => { location.href = address }", address)
        good = waiting.value.suggested_filename.lstrip("_") == name.lstrip("_")
    if good and answer.status == 200:
        road.kept += 1
    else:
        road.wrong.append(f"{word!r} called {name!r}, sent with {heads}")


def imports(sender: Sender, ask: Ask, words: Sequence[str], look: Look) -> list[Road]:
    """Send a file under each name, and paste each string as stem, option and explanation.

    So few at a time as may wait to be confirmed; their pages are looked at, then they are cancelled.
    """
    named, pasted = Road("names of imported files"), Road("pasted texts")
    for start in range(0, len(words), _AT_ONCE):
        pages = ["/question-imports"]
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
    if sent(named, word, answer):
        named.kept += 1
        yield answer["url"].removeprefix(sender.site)
    text = f"1. {word}\nA. {word}\nB. 第{number}项\n答案：B\n解析：{word}\n"
    pairs = [("text", text), ("format", "text"), *where]
    answer = sender.post("/question-imports/new", pairs, [("file", "", "application/octet-stream", b"")])
    if sent(pasted, word, answer):
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
            compare(road, " ".join(expected(word).split()), [" ".join(each.split()) for each in said])
        elif kind == "fault":
            road.refused[re.sub("“.*”", "“…”", text)[:60]] += 1
            if not text:
                road.wrong.append(f"no reason for {word!r}")


def tags(sender: Sender, ask: Ask, words: Sequence[str]) -> Road:
    """Type each string as the tags of a question."""
    road = Road("tags")
    for word in words:
        given = sender.form(f"/question-editor/{BANK}/single_choice", "editor-form")
        given["stem"], given["tags"] = "几天？", word
        pairs = [*given.items(multi=True), ("act", "save")]
        if sent(road, word, sender.post(f"/question-editor/{BANK}/single_choice", pairs)):
            (kept,) = ask("SELECT tags FROM question_draft ORDER BY id DESC LIMIT 1")[0]
            wanted = [each for each in dict.fromkeys(_APART.split(expected(word))) if each]
            compare(road, "、".join(wanted), ["、".join(json.loads(kept))])
    return road


def searches(sender: Sender, _ask: Ask, words: Sequence[str], look: Look) -> Road:
    """Search for each string; the field of the answer must hold it."""
    road, pages = Road("searches"), [f"/questions?text={quote(word)}" for word in words]
    for word, page in zip(words, pages, strict=True):
        answer = sender.page.request.get(f"{sender.site}{page}")
        found = _SEARCHED.search(answer.text())
        if "\0" in word and answer.status == 404:
            road.refused["no page has an address with a NUL"] += 1
        elif answer.status != 200 or found is None:
            road.wrong.append(f"{answer.status} for {word!r}")
        else:
            compare(road, " ".join(expected(word).split()), [" ".join(unescape(found[1]).split())])
    look([page for page in pages if "%00" not in page])
    return road


def reports(writer: Sender, trainer: Sender, ask: Ask, words: Sequence[str]) -> Road:
    """Report a question as wrong with each string, and answer with it."""
    road = Road("reports and answers")
    (version,) = _met(writer, ask)
    (question,) = ask("SELECT question_id FROM question_version WHERE id = ?", version)[0]
    for word in words:
        given = [("kind", "typo"), ("text", word)]
        if not sent(road, word, writer.post(f"/question-reports/new/{version}", given)):
            continue
        (report,) = ask("SELECT max(id) FROM question_report")[0]
        given = [("reports", str(report)), ("answer", "known"), ("text", word)]
        if sent(road, word, trainer.post(f"/question-reports/questions/{question}", given)):
            compare(road, word, ask("SELECT text, answer_text FROM question_report WHERE id = ?", report)[0])
    road.pages = [f"/question-reports/mine?page={page}" for page in range(1, 60)]
    road.pages += [f"/notices?page={page}" for page in range(1, 60)]
    return road


def _met(writer: Sender, ask: Ask) -> list[str]:
    """Return a version that the writer may report: from the page of a released result."""
    every = "SELECT id FROM attempt WHERE person_id = (SELECT id FROM person WHERE staff_no = 'HM041')"
    for (attempt,) in ask(every):
        page = writer.page.request.get(f"{writer.site}/results/{attempt}").text()
        if found := re.findall(r'href="/question-reports/new/(\d+)"', page):
            return found[:1]
    raise LookupError("nothing was released to the writer")


def outside(path: Path) -> set[str]:
    """Return the files beside a database and in the working folder, without what Python leaves."""
    every = [*path.parent.rglob("*"), *Path.cwd().rglob("*")]
    return {str(each) for each in every if not re.search(r"/(\.|__pycache__)|company\.db", str(each))}


def tried(
    site: Any, path: Path, crawler: Crawler, words: Sequence[str], signed_in: Callable[[str], Any]
) -> Iterator[Road]:
    """Yield every road once it was taken with every string, and last the files that were left on the way.

    ``signed_in`` gives a context in which a person is logged in.
    """
    ask, before, trainer = asking(path), outside(path), "HM009"

    def look(pages: Sequence[str], who: str = trainer) -> None:
        crawler.each = crawler.most = len(pages)
        context = signed_in(who)
        crawler.visit(context, who, list(dict.fromkeys(pages)))
        context.close()

    def looked(road: Road, who: str = trainer) -> Road:
        look([*road.pages, *road.shown], who)
        unseen(road, crawler.seen.texts)
        return road

    with_mail(site.app, ask)
    sender, writer = (Sender(signed_in(who).new_page(), site.url) for who in (trainer, "HM041"))
    yield looked(editors(sender, ask, words))
    yield from map(looked, names(sender, ask, words, look))
    yield looked(lesson_texts(sender, ask, words))
    yield from files(sender, ask, words, look)
    yield from imports(sender, ask, words, look)
    yield tags(sender, ask, words)
    yield searches(sender, ask, words, look)
    yield looked(reports(writer, sender, ask, words), "HM041")
    yield mail(site.app, ask, words)
    yield people(Sender(signed_in("HM005").new_page(), site.url), ask, words)
    yield Road("files left outside the database", wrong=sorted(outside(path) - before))


def unseen(road: Road, texts: dict[str, str]) -> None:
    """Note the pages that do not show the text that was typed."""
    for page, (word, places) in road.shown.items():
        text = texts.get(page, "")
        if _NOT_WHOLE in text:
            road.refused[f"kept, but not shown to others: {_NOT_WHOLE}"] += 1
        elif text.count(" ".join(expected(word).split())) < places:
            road.wrong.append(f"{page} does not show {word!r}")
