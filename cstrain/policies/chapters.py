"""Which chapters there are: packages register how their shipped files are read, for ``cstrain policy check``.

A package that ships policy files has a module ``chapters.py`` that registers here when it is imported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel

from cstrain.kernel.registry import Registry
from cstrain.policies.loader import SHIPPED
from cstrain.policies.yaml_source import Fault, SourceError, read, validate

ReadAll = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: ``pattern`` of its files below the shipped folder, and how to read and check them all.

    ``read_all`` returns how many editions it read and raises ``SourceError`` with every fault.
    """

    pattern: str
    read_all: ReadAll


chapters: Registry[Chapter] = Registry("chapter")


@dataclass(frozen=True, slots=True)
class Editable:
    """A chapter of one file of which the company may make editions: how it is read, what people call it."""

    name: str
    model: type[BaseModel]
    file: str
    title: str


editable: Registry[Editable] = Registry("editable chapter")
_names: dict[str, str] = {}


def register_files(name: str, model: type[BaseModel], pattern: str) -> None:
    """Register a chapter whose files are each one ``model`` and need no further check."""

    def read_all() -> int:
        faults: list[Fault] = []
        files = sorted(SHIPPED.glob(pattern))
        for path in files:
            try:
                validate(model, read(path, file=path.relative_to(SHIPPED).as_posix()))
            except SourceError as error:
                faults.extend(error.faults)
        if faults:
            raise SourceError(tuple(faults))
        return len(files)

    chapters.add(name, Chapter(pattern, read_all))


def register_editable(name: str, model: type[BaseModel], file: str, title: str) -> None:
    """Register a chapter of one file, and that the company may make editions of it (``title``: a msgid).

    The model has ``ref``, ``edition``, ``effective_from``. Who reads it for something that began earlier
    names that day, or the edition kept with it (``loader.load``, ``load_edition``).
    """
    register_files(name, model, file)
    editable.add(name, Editable(name, model, file, title))
    _names[file] = name


def editable_name(file: str) -> str | None:
    """Return the name of the editable chapter that a file holds; ``None`` for one that is only shipped."""
    return _names.get(file)
