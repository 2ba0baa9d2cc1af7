"""Every page that can be reached by links, in a real browser, as persons of all kinds: does anything run?"""

from __future__ import annotations

import html
import re
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

SENTINEL = """
(() => {
  const told = (kind, what) => { try { window.__told(kind, String(what).slice(0, 300)); } catch (error) {} };
  for (const name of ["alert", "confirm", "prompt", "print"]) {
    window[name] = (...said) => { told("ran", name + " " + said); return null; };
  }
  document.addEventListener("securitypolicyviolation", (event) =>
    told("csp", event.violatedDirective + " " + event.blockedURI + " " + event.sample + " " + document.URL));
})();
"""
_STRANGE = """() => [...document.querySelectorAll("*")].filter((one) =>
    [...one.attributes].some((each) => each.name.startsWith("on")
      || (each.name !== "value" && /^\\s*javascript:/i.test(each.value)))
    || (one.localName === "script" && !one.src && !/json/.test(one.type))
    || ["iframe", "object", "embed", "base", "math", "marquee", "frameset", "applet"].includes(one.localName)
  ).map((one) => one.outerHTML.slice(0, 200))"""
_LINKS = "() => [...document.querySelectorAll('a[href]')].map((one) => one.href)"
_AWAY = re.compile(r"/(?:log-?out|sign-?out|language|static)\b")
_NUMBER = re.compile(r"[0-9a-f]{16,}|[0-9]+")


@dataclass
class Seen:
    """What was visited and what happened: pages by their pattern, events by their kind, strings shown."""

    pages: Counter[str] = field(default_factory=Counter)
    events: list[tuple[str, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    shown: set[int] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def pattern(url: str) -> str:
    """Return an address with its numbers left out."""
    return _NUMBER.sub("#", urlsplit(url).path)


class Crawler:
    """Visits pages by links, of one pattern so many and no more."""

    def __init__(self, site: str, words: Sequence[str], each: int = 2, most: int = 80) -> None:
        self.site, self.words, self.each, self.most = site, words, each, most
        self.rest = 400  # ms until a page is thought to be at rest
        self.seen = Seen()

    def visit(self, context: Any, who: str, starts: Iterable[str] = ("/",)) -> None:
        """Visit what one person reaches."""
        context.expose_binding("__told", lambda _source, kind, what: self._tell(kind, f"{who} {what}"))
        context.add_init_script(SENTINEL)
        context.on("request", self._request)
        page = context.new_page()
        page.on("dialog", lambda dialog: (self._tell("ran", f"{who} {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: self._tell("error", f"{who} {page.url} {error}"))
        page.on(
            "console", lambda said: said.type == "error" and self._tell("console", f"{page.url} {said.text}")
        )
        waiting, known, by_pattern, count = (
            deque(urljoin(self.site, each) for each in starts),
            set(),
            Counter(),
            0,
        )
        while waiting and count < self.most:
            url = waiting.popleft()
            name = pattern(url)
            if url in known or by_pattern[name] >= self.each or _AWAY.search(urlsplit(url).path):
                continue
            known.add(url)
            by_pattern[name] += 1
            count += 1
            waiting.extend(link.partition("#")[0] for link in self._look(page, url, who))

    def _look(self, page: Any, url: str, who: str) -> list[str]:
        try:
            answer = page.goto(url, wait_until="load")
        except Exception as error:
            if "Download is starting" in str(error):
                self._keep(page, url)
            else:
                self.seen.failed.append(f"{who} {url} {str(error)[:120]}")
            return []
        if answer is None or not answer.headers.get("content-type", "").startswith("text/html"):
            self._keep(page, url)
            return []
        self.seen.pages[pattern(page.url)] += 1
        if answer.status >= 500:
            self.seen.failed.append(f"{who} {url} {answer.status}")
        with suppress(Exception):
            page.wait_for_load_state("networkidle", timeout=self.rest)
        for strange in page.evaluate(_STRANGE):
            self._tell("element", f"{page.url} {strange}")
        seen = page.evaluate("document.body.textContent")
        self.seen.texts[url.removeprefix(self.site)] = " ".join(seen.split())
        said = html.unescape(answer.text()) + seen
        text = " ".join(said.split())
        self.seen.shown |= {
            number for number, word in enumerate(self.words) if " ".join(word.split()) in text
        }
        return [link for link in page.evaluate(_LINKS) if link.startswith(self.site)]

    def _keep(self, page: Any, url: str) -> None:
        answer = page.context.request.get(url)
        if answer.status >= 500:
            self.seen.failed.append(f"{url} {answer.status}")
        elif answer.ok:
            self.seen.files.setdefault(f"{pattern(url)}?{urlsplit(url).query}", answer.body())

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self._tell("outside", request.url)

    def _tell(self, kind: str, what: str) -> None:
        self.seen.events.append((kind, what))
