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
