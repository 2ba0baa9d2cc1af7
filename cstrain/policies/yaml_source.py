"""The one door for YAML: strict, bounded, and able to name the line of whatever is wrong.

Programmes, policies, papers and banks all come through here. The surprises of YAML 1.1 are closed: only
``true`` and ``false`` are booleans, only plain decimal digits are numbers (``no``, ``1:30``, ``0123`` and
dates stay text); a key given twice, an anchor, an alias or a tag is a fault; depth and size have limits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from cstrain.policies.yaml_messages import explain, explain_syntax, telling
from cstrain.wording.said import say

Where = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_MOST_DIGITS = 15
_MOST_FAULTS = 100


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a file: where (line from 1), and a Chinese sentence saying what and what to do."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class SourceError(Exception):
    """A source cannot be used; ``faults`` say why, in the order of the lines."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Limits:
    """How big a source may be: bytes of the file, depth of nesting, number of nodes."""

    bytes: int = 1_000_000
    depth: int = 20
    nodes: int = 100_000


@dataclass(frozen=True, slots=True)
class Document:
    """Data read from a source, with the line of each of its parts.

    ``data`` holds only ``dict`` (text keys, in the order written), ``list``, ``str``, ``int``, ``float``,
    ``bool`` and ``None``. ``lines`` maps the path of a part to the line of its key (or of the list item).
    """

    file: str
    data: object
    lines: Mapping[Where, int] = field(repr=False)

    def line(self, where: Where = ()) -> int:
        """Return the line of the part at ``where``, or of its nearest known parent."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def fault(self, where: Where, message: str) -> Fault:
        """Return a fault at the line of ``where``."""
        return Fault(self.file, self.line(where), message)

    def at(self, where: Where) -> object:
        """Return the part at ``where``; ``None`` when there is none."""
        part: Any = self.data
        for step in where:
            if not _holds(part, step):
                return None
            part = part[step]
        return part


def read(path: Path, file: str | None = None, limits: Limits = Limits()) -> Document:
    """Read a YAML file; ``file`` is its name in faults (default: the path's name).

    Raises ``SourceError`` when it cannot be opened, is too big, is not UTF-8 or is not strict YAML.
    """
    name = file or path.name
    return parse(read_text(path, name, limits.bytes), name, limits)


def read_text(path: Path, file: str, most_bytes: int) -> str:
    """Read UTF-8 text of at most ``most_bytes``; a byte-order mark is dropped. Raises ``SourceError``."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(most_bytes + 1)
    except OSError as error:
        why = (
            say("没有这个文件")
            if isinstance(error, FileNotFoundError)
            else say("打不开这个文件（%(strerror)s）", strerror=error.strerror)
        )
        raise SourceError((Fault(file, 1, say("%(why)s，请检查路径和权限。", why=why)),)) from None
    return decoded(raw, file, most_bytes)


def decoded(raw: bytes, file: str, most_bytes: int) -> str:
    """Return the text of a file's bytes; raises ``SourceError`` for more than ``most_bytes`` or no UTF-8."""
    if len(raw) > most_bytes:
        raise SourceError((Fault(file, 1, say("文件超过%(kb)sKB，请拆成几个文件。", kb=most_bytes // 1000)),))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SourceError((Fault(file, line, say("文件不是UTF-8编码，请另存为UTF-8后再试。")),)) from None


def parse(text: str, file: str, limits: Limits = Limits(), first_line: int = 1) -> Document:
    """Read strict YAML from ``text``, which begins at ``first_line`` of ``file``; raises ``SourceError``."""
    builder = _Builder(file, limits, first_line)
    try:
        for event in yaml.parse(text.removeprefix("\ufeff"), Loader=_Loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        unclosed = "end of stream" in (error.problem or "")  # then the opening quote is the place
        mark = error.context_mark if unclosed else error.problem_mark
        builder.fault(mark.line if mark else 0, explain_syntax(error.problem or ""))
    except yaml.YAMLError as error:
        builder.fault(_line_of(error, text), say("文件里有不允许的控制字符，请删除后再试。"))
    except UnicodeEncodeError as error:
        builder.fault(text.count("\n", 0, error.start), say("文件里有不允许的字符，请删除后再试。"))
    if builder.faults:
        raise SourceError(tuple(sorted(builder.faults)))
    if not builder.documents:
        raise SourceError((Fault(file, first_line, say("文件是空的，请写入内容。")),))
    return Document(file, builder.root, builder.lines)


def _line_of(error: yaml.YAMLError, text: str) -> int:
    # a reader's error knows its offset in UTF-8 bytes only
    return text.encode("utf-8").count(b"\n", 0, getattr(error, "position", None) or 0)


def validate(model: type[M], document: Document, where: Where = ()) -> M:
    """Build ``model`` from the part of the document at ``where``.

    Nothing is coerced (no text for a number, no number for a yes), and a key the model does not know is a
    fault that names what is known. Raises ``SourceError`` with the line of each offending key.
    """
    try:
        return model.model_validate_json(json.dumps(document.at(where)), strict=True, extra="forbid")
    except ValidationError as error:
        found = list(_validation_faults(model, document, where, error))
        raise SourceError(tuple(sorted(set(found)))) from None


def _validation_faults(
    model: type[BaseModel], document: Document, where: Where, error: ValidationError
) -> Iterator[Fault]:
    for problem in telling(error):
        path = _real_path(document.at(where), problem["loc"])
        yield document.fault(where + path, explain(model, problem))


def _real_path(data: Any, loc: Where) -> Where:
    """Drop from a pydantic location what is not in the data (names of union members, missing keys)."""
    path: Where = ()
    for step in loc:
        if _holds(data, step):
            data, path = data[step], (*path, step)
    return path


def _holds(data: object, step: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(step, int) and step < len(data)
    return isinstance(data, dict) and step in data


@dataclass(slots=True)
class _Frame:
    """A mapping or list being filled; ``key`` is the mapping's key that waits for its value."""

    part: dict[str, object] | list[object]
    where: Where
    key: str | None = None
    key_line: int = 0


class _Builder:
    """Builds plain data from the parser's events, without recursion."""

    def __init__(self, file: str, limits: Limits, first_line: int) -> None:
        self.file = file
        self.limits = limits
        self.first_line = first_line
        self.faults: list[Fault] = []
        self.lines: dict[Where, int] = {}
        self.root: object = None
        self.documents = 0
        self._nodes = 0
        self._frames: list[_Frame] = []

    def fault(self, line: int, message: str) -> None:
        """Note a fault at the parser's ``line`` (from 0)."""
        self.faults.append(Fault(self.file, self.first_line + line, message))

    def take(self, event: yaml.Event) -> None:
        """Take the parser's next event; raises ``SourceError`` when a limit is passed."""
        line = event.start_mark.line if event.start_mark else 0
        if isinstance(event, yaml.NodeEvent):
            self._check(event, line)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.AliasEvent):
            self._put(None, line)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open({} if isinstance(event, yaml.MappingStartEvent) else [], line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._frames.pop()
        elif isinstance(event, yaml.DocumentStartEvent):
            self._document(line)

    def _document(self, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            self.fault(line, say("一个文件只能有一份内容，请删掉多出来的“---”。"))
            raise SourceError(tuple(self.faults))

    def _check(self, event: yaml.NodeEvent, line: int) -> None:
        self._nodes += 1
        if event.anchor is not None:
            self.fault(
                line, say("不支持锚点和引用（& 和 *），请把内容直接写出来；以这两个符号开头的文字要加引号。")
            )
        elif getattr(event, "tag", None) is not None:
            self.fault(line, say("不支持标签（!），请删掉；以感叹号开头的文字要加引号。"))
        if self._nodes > self.limits.nodes:
            self.fault(line, say("内容超过%(n)s项，请拆成几个文件。", n=self.limits.nodes))
        elif len(self.faults) < _MOST_FAULTS:
            return
        raise SourceError(tuple(sorted(self.faults)))

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        frame = self._frames[-1] if self._frames else None
        if frame is not None and isinstance(frame.part, dict) and frame.key is None:
            self._key(frame, event.value, line)
        elif event.implicit[0]:
            self._put(self._plain(event.value, line), line)
        else:
            self._put(event.value, line)

    def _key(self, frame: _Frame, key: str, line: int) -> None:
        if key in frame.part:
            first = self.lines[(*frame.where, key)]
            self.fault(
                line,
                say(
                    "“%(name)s”在第%(first)s行已经写过，同一处一个键只能写一次，请删掉一个。",
                    name=key,
                    first=first,
                ),
            )
        elif not key:
            self.fault(line, say("冒号前面缺少键名。"))
        frame.key, frame.key_line = key, line

    def _plain(self, text: str, line: int) -> object:
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        whole = _INTEGER.fullmatch(text)
        if not whole and not _DECIMAL.fullmatch(text):
            return text
        if len(text.strip("+-")) > _MOST_DIGITS:
            self.fault(
                line,
                say("数字超过%(n)s位，请改短；如果是编号，请加引号。", n=_MOST_DIGITS),
            )
            return 0
        return int(text) if whole else float(text)

    def _open(self, part: dict[str, object] | list[object], line: int) -> None:
        if len(self._frames) >= self.limits.depth:
            self.fault(line, say("嵌套超过%(n)s层，请简化。", n=self.limits.depth))
            raise SourceError(tuple(sorted(self.faults)))
        self._frames.append(_Frame(part, self._put(part, line)))

    def _put(self, value: object, line: int) -> Where:
        """Put a finished or opened value in its place and return its path."""
        where: Where = ()
        frame = self._frames[-1] if self._frames else None
        if frame is None:
            self.root = value
        elif isinstance(frame.part, list):
            where = (*frame.where, len(frame.part))
            frame.part.append(value)
        elif frame.key is None:
            self.fault(line, say("键名只能是一行文字。"))
            frame.key, frame.key_line = "", line
            return (*frame.where, "")
        else:
            where = (*frame.where, frame.key)
            frame.part[frame.key] = value
            line, frame.key = frame.key_line, None
        self.lines.setdefault(where, self.first_line + line)
        return where
