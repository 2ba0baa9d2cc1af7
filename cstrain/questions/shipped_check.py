"""Checks the banks that travel with the product, or any others, together with their lessons and papers."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from cstrain.bundled import bundled
from cstrain.lessons import page_source
from cstrain.lessons.page_source import Shelf, headings_by_page, read_pages
from cstrain.questions.bank_check import Report, check_banks, missing_banks
from cstrain.questions.cells import PAPER_SOURCES

_LESSONS = Path(page_source.__file__).parent / "shipped"


def check_path(path: Path | None) -> Report:
    """Check the banks at ``path``, or the shipped ones; raises ``SourceError`` when there are none."""
    home = bundled("question_banks")
    target = home if path is None else path
    shipped = _lies_in(target, home)
    shelf = read_pages(_LESSONS, prefix="lessons/")
    headings = dict(headings_by_page(shelf.pages))
    if not shipped:
        headings.update(headings_by_page(_own_pages(target)))
    papers = [paper for source in PAPER_SOURCES for paper in source()] if shipped else []
    report = check_banks([target], headings, shipped=shipped, papers=papers)
    if _real(target) != _real(home):
        return report
    return _with_faults(report, shelf)


def _with_faults(report: Report, shelf: Shelf) -> Report:
    """Add what is wrong with the shipped lessons, and the banks that are missing."""
    return replace(report, faults=tuple(sorted({*report.faults, *shelf.faults, *missing_banks(report)})))


def _lies_in(target: Path, home: Path) -> bool:
    """Tell whether ``target`` is ``home`` or a folder in it (a single file is checked as anybody's)."""
    return os.path.isdir(target) and _real(target).is_relative_to(_real(home))


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _own_pages(target: Path) -> list[page_source.Page]:
    """Return the pages of ``lessons`` folders in or beside a bank that is not ours."""
    folder = target.parent if os.path.isfile(target) else target
    places = [each / "lessons" for each in (folder.parent, folder)]
    shelves = [read_pages(each) for each in places if os.path.isdir(each)]
    return [page for shelf in shelves for page in shelf.pages]
