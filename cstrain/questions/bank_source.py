"""Banks as files: a folder with ``bank.yaml`` and a file a topic, read to facts and faults with lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from cstrain.policies.yaml_source import (
    Document,
    Fault,
    Limits,
    SourceError,
    Where,
    decoded,
    parse,
    read,
    validate,
)
from cstrain.questions.bank_facts import Bank, SourceQuestion, Topic
from cstrain.questions.question_type import QuestionType, question_types
from cstrain.questions.rubrics import UnknownRubricError, with_rubric

HEAD = "bank.yaml"
_ENDINGS = (".yaml", ".yml")
MOST_BYTES = 1_000_000
_LIMITS = Limits(bytes=MOST_BYTES, depth=8, nodes=100_000)
_MOST_FILES = 300
_MOST_BANKS = 100
_MOST_QUESTIONS = 5000
_SLUG = r"^[a-z0-9][a-z0-9._-]*$"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _TopicEntry(_Part):
    id: str = Field(pattern=_SLUG, max_length=60)
    title: str = Field(min_length=1, max_length=60)


class _BankFile(_Part):
    bank: str = Field(pattern=_SLUG, max_length=60)
    title: str = Field(min_length=1, max_length=60)
    description: str = Field(default="", max_length=300)
    topics: tuple[_TopicEntry, ...] = Field(min_length=1, max_length=200)


class _TopicFile(_Part):
    topic: str = Field(pattern=_SLUG, max_length=60)
    questions: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=_MOST_QUESTIONS)


class Reading(NamedTuple):
    """The banks that were read, and what is wrong with the rest."""

    banks: tuple[Bank, ...]
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Reader:
    """Reads one bank; faults gather as it goes."""

    root: Path
    faults: list[Fault] = field(default_factory=list)

    def name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def read(self, path: Path, model: type[_BankFile] | type[_TopicFile]) -> tuple[Document, Any] | None:
        """Return the document and its model, or note the faults."""
        try:
            document = read(path, self.name(path), _LIMITS)
            return document, validate(model, document)
        except SourceError as error:
            self.faults.extend(error.faults)
            return None


def read_banks(path: Path) -> Reading:
    """Read a bank folder, a folder of bank folders, or one file of questions.

    File names in faults are relative to ``path`` (to its folder when it is a file).
    Raises ``SourceError`` when there is no bank at ``path``.
    """
    try:
        return _read(path)
    except OSError as error:
        raise SourceError((Fault(str(path), 1, f"打不开（{error.strerror}），请检查路径和权限。"),)) from None


def _read(path: Path) -> Reading:
    if path.is_file() and path.suffix in _ENDINGS and path.name != HEAD:
        return _gather([_read_file(path)])
    folder = path.parent if path.is_file() and path.name == HEAD else path
    if not folder.is_dir():
        why = "不是题库文件夹，也不是 .yaml 文件" if folder.exists() else "没有这个文件或文件夹"
        raise SourceError((Fault(str(path), 1, f"{why}，请检查路径。"),))
    if _yaml_files(folder):
        return _gather([_read_folder(folder, folder)])
    folders = [each for each in sorted(folder.iterdir()) if each.is_dir() and _yaml_files(each)]
    if not folders:
        raise SourceError(
            (Fault(str(path), 1, "这里没有题库：文件夹里要有 bank.yaml 和各主题的 .yaml 文件。"),)
        )
    if len(folders) > _MOST_BANKS:
        raise SourceError((Fault(str(path), 1, f"这里的题库超过{_MOST_BANKS}个，请分开检查。"),))
    return _gather([_read_folder(each, folder) for each in folders])


def _gather(readings: list[Reading]) -> Reading:
    banks = tuple(bank for reading in readings for bank in reading.banks)
    return Reading(banks, tuple(fault for reading in readings for fault in reading.faults))


def _yaml_files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if each.suffix in _ENDINGS and each.is_file())


def _read_folder(folder: Path, root: Path) -> Reading:
    reader = _Reader(root)
    files = _yaml_files(folder)
    head_path = folder / HEAD
    head_name = reader.name(head_path)
    head: _BankFile | None = None
    if head_path.is_file():
        found = reader.read(head_path, _BankFile)
        head = _checked_head(reader, *found) if found else None
    else:
        reader.faults.append(Fault(head_name, 1, "缺少 bank.yaml，请写明 bank、title 和 topics。"))
    topics = {each.id for each in head.topics} if head else None
    name = head.bank if head else folder.name
    if len(files) > _MOST_FILES:
        reader.faults.append(Fault(head_name, 1, f"文件超过{_MOST_FILES}个，请合并或拆成几个题库。"))
    topic_files = [each for each in files[:_MOST_FILES] if each.name != HEAD]
    questions = [each for path in topic_files for each in _read_topic(reader, path, name, topics)]
    if len(questions) > _MOST_QUESTIONS:
        reader.faults.append(Fault(head_name, 1, f"试题超过{_MOST_QUESTIONS}道，请拆成几个题库。"))
    bank = _bank(name, head, questions[:_MOST_QUESTIONS], head_name)
    return Reading((bank,), tuple(reader.faults))


def _read_file(path: Path) -> Reading:
    """Read one topic file; its bank's head is used when it lies beside it and can be read."""
    reader = _Reader(path.parent)
    head: _BankFile | None = None
    if (path.parent / HEAD).is_file():
        found = reader.read(path.parent / HEAD, _BankFile)
        head = found[1] if found else None
    name = head.bank if head else path.stem
    topics = {each.id for each in head.topics} if head else None
    questions = list(_read_topic(reader, path, name, topics))
    used = {question.topic for question in questions}
    if head:
        head = head.model_copy(update={"topics": tuple(each for each in head.topics if each.id in used)})
    return Reading((_bank(name, head, questions, path.name),), tuple(reader.faults))


def _bank(name: str, head: _BankFile | None, questions: list[SourceQuestion], file: str) -> Bank:
    if head:
        topics = tuple(Topic(each.id, each.title) for each in head.topics)
        return Bank(name, head.title, head.description, topics, tuple(questions), file)
    topics = tuple(Topic(ref, ref) for ref in dict.fromkeys(question.topic for question in questions))
    return Bank(name, name, "", topics, tuple(questions), file)


def _checked_head(reader: _Reader, document: Document, head: _BankFile) -> _BankFile:
    seen: set[str] = set()
    for index, topic in enumerate(head.topics):
        if topic.id in seen:
            where = ("topics", index, "id")
            reader.faults.append(document.fault(where, f"主题“{topic.id}”写了两次，请删掉一个。"))
        seen.add(topic.id)
    return head


def _read_topic(reader: _Reader, path: Path, bank: str, topics: set[str] | None) -> Iterator[SourceQuestion]:
    found = reader.read(path, _TopicFile)
    if not found:
        return
    document, part = found
    if topics is not None and part.topic not in topics:
        known = "、".join(sorted(topics))
        message = f"主题“{part.topic}”不在 bank.yaml 里（有：{known}），请改正或补上。"
        reader.faults.append(document.fault(("topic",), message))
        return
    for index in range(len(part.questions)):
        try:
            yield _question(document, ("questions", index), bank, part.topic)
        except SourceError as error:
            reader.faults.extend(error.faults)


def read_written(raw: bytes, file: str) -> Reading:
    """Read the bytes of a topic's file, of a list of questions out of one, or of a single question.

    The limits are those of a file; ``file`` is its name in faults. The one bank of the answer is made up.
    """
    faults: list[Fault] = []
    questions: list[SourceQuestion] = []
    topic = ""
    try:
        document = parse(decoded(raw, file, _LIMITS.bytes), file, _LIMITS)
        topic, places = _places(document)
    except SourceError as error:
        return Reading((), error.faults)
    for where in places:
        try:
            questions.append(_question(document, where, topic, topic))
        except SourceError as error:
            faults.extend(error.faults)
    return Reading((_bank(topic, None, questions, file),), tuple(faults))


def _places(document: Document) -> tuple[str, list[Where]]:
    """Return the topic that a text names, if any, and where its questions stand."""
    data = document.data
    if isinstance(data, list) and len(data) <= _MOST_QUESTIONS:
        return "", [(index,) for index in range(len(data))]
    if isinstance(data, dict) and "type" in data:
        return "", [()]
    part = validate(_TopicFile, document)
    return part.topic, [("questions", index) for index in range(len(part.questions))]


def _question(document: Document, where: Where, bank: str, topic: str) -> SourceQuestion:
    asked = validate(_kind(document, where), document, where)
    try:
        key = with_rubric(asked.key())
    except UnknownRubricError as error:
        raise SourceError((document.fault((*where, "rubric"), str(error)),)) from None
    return SourceQuestion(
        id=asked.id,
        bank=bank,
        topic=topic,
        type=asked.type,
        difficulty=asked.difficulty,
        situation=asked.situation,
        content=asked.shown(),
        key=key,
        explanation=asked.explanation,
        source=asked.source,
        file=document.file,
        line=document.line(where),
        script=asked.script(),
    )


def _kind(document: Document, question: Where) -> type[QuestionType]:
    where = (*question, "type")
    name, kinds = document.at(where), question_types()
    if isinstance(name, str) and name in kinds:
        return kinds.get(name)
    said = "缺少“type”" if name is None else f"不认识题型“{name}”"
    message = f"{said}，可以写的有：{'、'.join(kinds.names())}。"
    raise SourceError((document.fault(where, message),))
