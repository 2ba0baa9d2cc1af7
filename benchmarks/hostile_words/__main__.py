"""Strings that break software through every field, file, page and document of the product.

``python -m benchmarks.hostile_words --fixtures FOLDER --strings FILE``: the payloads of the folder's
``dompurify_expect.json`` and ``formula_payloads.json``, and a JSON list of strings. They are written into
questions and taken through every format and back; put behind every text of the demo company, whose pages are
visited in a real browser; downloaded again in its workbooks and PDF. Chromium is needed; ``pdftotext`` and
``soffice`` look into the files where they are installed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.hostile_words import brought, company, crawl, files, formats, papers, typed
from tests.browser.conftest import ARGUMENTS, DESKTOP, running_site

_WHO = ("HM009", "HM006", "HM005", "HM041", "HM011", "HM012", "HM001", "HM002", "HM020")


def _strings(folder: Path, other: Path) -> tuple[list[str], list[str]]:
    payloads = json.loads((folder / "dompurify_expect.json").read_text())
    formulas = json.loads((folder / "formula_payloads.json").read_text())
    return [*(each["payload"] for each in payloads), *json.loads(other.read_text())], formulas


def _questions(words: list[str]) -> bool:
    taken, refused, changed = formats.kept(words)
    print(f"{len(words)} strings in {len(taken)} questions; {len(changed)} kept otherwise; refused:")
    for why, count in refused.most_common():
        print(f"  {count:4} {why[:120]}")
    broken = bool(changed)
    for name, trip, untold in formats.trips(taken):
        told = sum(trip.lost.values()) + sum(trip.told.values())
        print(
            f"{name}: {trip.same} the same, {told} named, {len(trip.missing)} missing, {len(untold)} untold"
        )
        for each in untold[:5]:
            print(f"    {each[:200]}")
        broken |= bool(untold or trip.missing)
    return broken


@contextmanager
def _company(clean: Path | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "company.db"
        if clean is None:
            company.make(path)
        else:
            path.write_bytes(clean.read_bytes())
        yield path


def _pages(words: list[str], formulas: list[str], chromium: str, clean: Path | None) -> bool:
    with _company(clean) as path:
        texts, tables = company.spoil(path, words, formulas)
        print(f"{texts} texts in {tables} tables of the company hold one of them")
        with running_site(path) as site, sync_playwright() as playwright:
            site.clock.set(company.AFTERNOON)
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            crawler = crawl.Crawler(site.url, words)
            for staff_no in _WHO:
                person = company.person_of(path, staff_no)
                context = browser.new_context(viewport=DESKTOP, locale="zh-CN", accept_downloads=True)
                context.set_default_timeout(10_000)
                context.add_cookies([site.cookie(person)])
                crawler.visit(context, staff_no)
                context.close()
            browser.close()
    return _told(crawler.seen, len(words)) | files.told(crawler.seen.files, formulas)


def _typed(words: list[str], chromium: str, clean: Path | None) -> bool:
    with _company(clean) as path, running_site(path) as site, sync_playwright() as playwright:
        site.clock.set(company.AFTERNOON)
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)

        def signed_in(staff_no: str) -> Any:
            context = browser.new_context(viewport=DESKTOP, locale="zh-CN", accept_downloads=True)
            context.set_default_timeout(10_000)
            context.add_cookies([site.cookie(company.person_of(path, staff_no))])
            return context

        crawler = crawl.Crawler(site.url, [typed.expected(word) for word in words])
        crawler.rest = 30
        wrong = 0
        for road in brought.tried(site, path, crawler, words, signed_in):
            print(road.told(), flush=True)
            wrong += len(road.wrong)
        browser.close()
    return _told(crawler.seen, len(words)) | bool(wrong)


def _told(seen: crawl.Seen, count: int) -> bool:
    pages = f"{sum(seen.pages.values())} pages of {len(seen.pages)} kinds"
    print(f"{pages} showed {len(seen.shown)} of {count} strings")
    kinds = {kind: [what for one, what in seen.events if one == kind] for kind, _what in seen.events}
    for kind, said in kinds.items():
        print(f"{len(said)} {kind}:")
        for each in dict.fromkeys(said):
            print(f"    {each[:240]}")
    for each in seen.failed:
        print(f"failed: {each}")
    return bool(seen.events or seen.failed)


def main() -> None:
    """Try them all; ends with 1 where something ran, failed or was changed without a word."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fixtures", type=Path, required=True)
    parser.add_argument("--strings", type=Path, required=True, help="a JSON list of strings")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--company", type=Path, help="a database of the demo company that was made before")
    parser.add_argument("--only", choices=("questions", "pages", "papers", "typed"))
    asked = parser.parse_args()
    words, formulas = _strings(asked.fixtures, asked.strings)
    broken = False
    if asked.only in {None, "questions"}:
        broken |= _questions([*words, *formulas])
    if asked.only in {None, "papers"}:
        broken |= papers.printed([*words, *formulas])
    if asked.only in {None, "pages"}:
        broken |= _pages(words, formulas, asked.chromium, asked.company)
    if asked.only in {None, "typed"}:
        broken |= _typed([*words, *formulas], asked.chromium, asked.company)
    sys.exit(broken)


if __name__ == "__main__":
    main()
