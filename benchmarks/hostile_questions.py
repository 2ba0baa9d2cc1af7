"""Hostile files of questions: how long and how much memory until each is read or refused.

``python -m benchmarks.hostile_questions``. Each file is looked at in a process of its own that has loaded
everything before; the memory is what the process needs beyond that. Nothing is written or fetched.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Iterator

from cstrain.questions.exchange.contract import UnreadableError, formats
from cstrain.questions.exchange.importing import look
from tests.questions import test_xml_source
from tests.questions.formats import test_aiken, test_gift, test_qti_files

_MB = 1024


def hostile() -> Iterator[tuple[str, str, bytes]]:
    """Return format, name and bytes of each file."""
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


def _measured(
    kind: str, name: str, raw: bytes, said: multiprocessing.Queue[tuple[float, float, str]]
) -> None:
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        found = look(raw, name, "bench", kind)
        outcome = f"{found.read} read, {len(found.checked.faults)} refused"
    except UnreadableError as error:
        outcome = str(error)
    spent = time.process_time() - begun
    said.put((spent, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / _MB, outcome[:60]))


def main() -> None:
    """Measure and print them all, the slowest last."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    formats()
    context, rows = multiprocessing.get_context("fork"), []
    for kind, name, raw in hostile():
        said: multiprocessing.Queue[tuple[float, float, str]] = context.Queue()
        child = context.Process(target=_measured, args=(kind, name, raw, said))
        child.start()
        rows.append((*said.get(), kind, name, len(raw)))
        child.join()
    for spent, memory, outcome, kind, name, size in sorted(rows):
        print(f"{spent:6.2f} s CPU {memory:6.1f} MB  {kind:10} {size / 1e6:5.1f} MB  {name}: {outcome}")
    slowest, biggest = max(one[0] for one in rows), max(one[1] for one in rows)
    print(f"{len(rows)} files, at most {slowest:.2f} s and {biggest:.0f} MB")


if __name__ == "__main__":
    main()
