"""Reads a file of questions on disk: which format, what it holds, what is wrong. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cstrain.questions.exchange.contract import (
    MOST_BYTES,
    MOST_QUESTIONS,
    ExchangeFormat,
    Reading,
    UnreadableError,
    formats,
    guessed,
)
from cstrain.questions.exchange.drafts import NOTHING, Checked, Held, check, notes
from cstrain.wording.said import said_row, say


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file would bring in: its format, what the format read, what of it stands."""

    format: type[ExchangeFormat]
    reading: Reading
    checked: Checked

    @property
    def read(self) -> int:
        """The number of questions that were understood, duplicates included."""
        return len(self.checked.questions) + len(self.checked.duplicates)

    def as_json(self, imported: int) -> dict[str, Any]:
        """Return counts and faults as JSON; ``imported``: how many were written."""
        again = [one for one in self.checked.duplicates if not one.in_bank]
        return {
            "format": self.format.name,
            "read": self.read,
            "imported": imported,
            "duplicates": {"in_file": len(again), "in_bank": len(self.checked.duplicates) - len(again)},
            "faults": [{"position": str(one.place), "message": one.message} for one in self.checked.faults],
            "notes": [
                {"position": str(place), "message": note} for place, note in notes(self.checked.drafts)
            ],
        }


def read_file(path: Path) -> bytes:
    """Return a file's bytes; raises ``UnreadableError`` where there is none, or it is too big."""
    try:
        if not path.is_file():
            raise UnreadableError(say("没有读取：%(path)s不是文件，请检查路径。", path=path))
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableError(
            say(
                "没有读取：打不开%(path)s（%(strerror)s），请检查路径和权限。",
                path=path,
                strerror=error.strerror,
            )
        ) from None
    if len(raw) > MOST_BYTES:
        raise UnreadableError(say("没有读取：文件超过%(mb)sMB。请分成几个文件。", mb=MOST_BYTES // 1_000_000))
    if not raw.strip():
        raise UnreadableError(say("没有读取：文件是空的。请检查是不是选错了文件。"))
    return raw


@dataclass(frozen=True, slots=True)
class How:
    """How a file is to be looked at.

    ``heads``: what the headings of a table are to be read
    as, by their own words ("": left out). ``progress`` as in ``drafts.check``.
    """

    heads: Mapping[str, str] = field(default_factory=dict)
    progress: Callable[[int, int], None] = lambda _done, _total: None


AS_IT_IS = How()


def look(
    raw: bytes, name: str, bank: str, wanted: str | None = None, held: Held = NOTHING, how: How = AS_IT_IS
) -> Looked:
    """Read and check a file for a bank; ``wanted`` is the format's name, else it is guessed.

    ``held``: what the bank has. Raises ``UnreadableError``.
    """
    chosen = format_of(raw, name, wanted)
    reading = chosen.read_as(raw, name, how.heads) if how.heads else chosen.read(raw, name)
    if not reading.drafts and not reading.faults:
        raise UnreadableError(say("没有读取：文件里没有试题。请检查是不是选错了文件，或还没有填写。"))
    if len(reading.drafts) > MOST_QUESTIONS:
        raise UnreadableError(say("没有读取：文件里超过%(n)s道题。请分成几个文件。", n=MOST_QUESTIONS))
    return Looked(chosen, reading, check(reading, bank, held, how.progress))


def format_of(raw: bytes, name: str, wanted: str | None) -> type[ExchangeFormat]:
    """Return the format asked for, or the one the file looks like; raises ``UnreadableError``."""
    known = formats()
    if wanted is not None and wanted not in known:
        raise UnreadableError(
            say(
                "不认识格式“%(wanted)s”，可以写的有：%(names)s。",
                wanted=wanted,
                names=said_row("、", known.names()),
            )
        )
    chosen = known.get(wanted) if wanted is not None else guessed(raw, name)
    if chosen is None:
        raise UnreadableError(
            say("看不出是哪种格式，请写明格式（%(names)s）。", names=said_row("、", known.names()))
        )
    if not chosen.reads:
        raise UnreadableError(say("格式“%(label)s”只能导出，不能导入。", label=say(chosen.label)))
    return chosen
