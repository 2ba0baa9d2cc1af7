"""Hostile files of questions: how long and how much memory until each is read or refused.

``python -m benchmarks.hostile_questions [--only WORD]``. Each file is looked at in a process of its own that
has loaded everything before; CPU and memory are what that process needs beyond it. Nothing is written or
fetched: a process that asks for a socket, or opens a file to write, is counted as a break. ``--keep FOLDER``
leaves the files there, for ``cstrain bank import FILE --check``. Files called good are big, and are read.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import resource
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.hostile import documents, halves, sheets, texts, zips
from cstrain.questions.exchange.contract import UnreadableError, formats
from cstrain.questions.exchange.importing import look
from tests.questions import test_xml_source
from tests.questions.formats import test_aiken, test_gift, test_qti_files

_MB = 1024
_MOST_SECONDS, _MOST_MB = 2.0, 64.0
_ENDINGS = {"text": ".txt", "qti21": ".zip", "qti3": ".zip"}


def _of_tests() -> Iterator[tuple[str, str, bytes]]:
    for name, text in test_gift.HOSTILE.items():
        yield "gift", name, text.encode()
    for name, text in test_aiken.HOSTILE.items():
        yield "aiken", name, text.encode()
    for name, raw in test_qti_files.HOSTILE.items():
        yield "qti21", name, raw
    for name, (raw, _message) in test_xml_source.HOSTILE.items():
        yield "moodle_xml", name, raw
    for name, text in {
        "numbers": "1.\n" * 140_000,
        "options": "1. 题\n" + "A. 选项\n" * 140_000,
        "answers": "1. 题\n" + "答案：A\n" * 140_000,
        "options in a line": "1. " + "A. x " * 500_000,
        "a list of answers": "1. x（ ）\n2. y（ ）\n参考答案：\n" + "1. √\n" * 140_000,
    }.items():
        yield "text", name, text.encode()
    for name, text in {"commas": "," * 3_000_000, "lines": "a\n" * 1_500_000}.items():
        yield "csv", name, text.encode()


def hostile() -> Iterator[tuple[str, str, bytes]]:
    """Return format, name and bytes of each file."""
    good = halves.good_files()
    yield from _of_tests()
    for kind, part in {
        "xlsx": "xl/worksheets/sheet1.xml",
        "docx": "word/document.xml",
        "qti21": "imsmanifest.xml",
        "qti3": "imsmanifest.xml",
    }.items():
        yield from zips.tricks(kind, good[kind], part)
    yield from sheets.sheets(good["xlsx"])
    yield from sheets.tables()
    yield from documents.words(good["docx"])
    yield from documents.packages(good["qti21"])
    for made in (texts.many(), texts.deep(), texts.encodings(), texts.runs()):
        yield from made
    yield from halves.halves(good)
    yield from halves.changed(good)


class Outcome(NamedTuple):
    """What a file cost (seconds of CPU, MB), whether something broke, and what was said."""

    seconds: float
    memory: float
    broke: bool
    said: str
    kind: str = ""
    name: str = ""
    size: int = 0


def _measured(kind: str, name: str, raw: bytes, said: multiprocessing.Queue[Outcome]) -> None:
    asked: list[str] = []

    def watch(event: str, details: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(details[1], str) and set(details[1]) & set("wax+")
        if writes or event.startswith(("socket.", "subprocess.", "os.system", "os.exec")):
            asked.append(f"{event} {details[0]!r}")

    sys.addaudithook(watch)
    broke = False
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        found = look(raw, name, "bench", kind)
        first = f": {found.checked.faults[0].message}" if found.checked.faults else ""
        outcome = f"{found.read} read, {len(found.checked.faults)} refused{first}"
    except UnreadableError as error:
        outcome = str(error)
    except BaseException:
        outcome, broke = traceback.format_exc(limit=-4), True
    spent = time.process_time() - begun
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / _MB
    if asked:
        outcome, broke = f"asked for {asked[:3]}: {outcome}", True
    said.put(Outcome(spent, memory, broke, outcome))


def _tried(kind: str, name: str, raw: bytes) -> Outcome:
    context = multiprocessing.get_context("fork")
    said: multiprocessing.Queue[Outcome] = context.Queue()
    child = context.Process(target=_measured, args=(kind, name, raw, said))
    child.start()
    while child.is_alive() and said.empty():
        child.join(0.01)
    outcome = Outcome(0, 0, broke=True, said=f"ended with {child.exitcode}") if said.empty() else said.get()
    child.join()
    return outcome._replace(kind=kind, name=name, size=len(raw))


def _keep(folder: Path, kind: str, name: str, raw: bytes) -> None:
    title = re.sub(r"[^A-Za-z0-9]+", "-", f"{kind}-{name}").strip("-")
    ending = _ENDINGS.get(kind) or formats().get(kind).endings[0]
    (folder / f"{title}{ending}").write_bytes(raw)


def main() -> None:
    """Measure and print them all, the slowest last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only files whose format and name hold this")
    parser.add_argument("--keep", type=Path, help="leave the files in this folder")
    parser.add_argument(
        "--all", action="store_true", help="print every file, not only the slow and the broken"
    )
    asked = parser.parse_args()
    formats()
    rows: list[Outcome] = []
    for kind, name, raw in hostile():
        if asked.only in f"{kind} {name}":
            rows.append(_tried(kind, name, raw))
            if asked.keep:
                _keep(asked.keep, kind, name, raw)
    for one in sorted(rows)[0 if asked.all else -25 :]:
        print(_line(one))
    broken = [one for one in rows if one.broke or (_dear(one) and "(good)" not in one.name)]
    print(f"\n{len(broken)} broke, or took more than {_MOST_SECONDS:.0f} s or {_MOST_MB:.0f} MB:")
    for one in broken:
        print(_line(one, 2_000))
    slowest, biggest = max(one.seconds for one in rows), max(one.memory for one in rows)
    print(f"{len(rows)} files, at most {slowest:.2f} s and {biggest:.0f} MB")
    sys.exit(bool(broken))


def _dear(one: Outcome) -> bool:
    return one.seconds > _MOST_SECONDS or one.memory > _MOST_MB


def _line(one: Outcome, most: int = 70) -> str:
    told = one.said if one.broke else one.said[:most]
    cost = f"{one.seconds:6.2f} s CPU {one.memory:6.1f} MB"
    return f"{cost}  {one.kind:10} {one.size / 1e6:5.1f} MB  {one.name}: {told}"


if __name__ == "__main__":
    main()
