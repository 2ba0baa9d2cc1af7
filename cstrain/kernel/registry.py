"""A named set of kinds that grows by one file at a time."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Kinds by name. A name used twice, or asked for and unknown, is an error that names what is known."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._kinds: dict[str, T] = {}

    def add(self, name: str, kind: T) -> T:
        """Register ``kind``; raises ``ValueError`` when the name is taken."""
        if name in self._kinds:
            raise ValueError(f"{self._what} {name!r} is registered twice")
        self._kinds[name] = kind
        return kind

    def register(self, name: str) -> Callable[[T], T]:
        """Return a decorator that registers what it decorates."""
        return lambda kind: self.add(name, kind)

    def get(self, name: str) -> T:
        """Return the kind; raises ``KeyError`` with the known names."""
        try:
            return self._kinds[name]
        except KeyError:
            raise KeyError(f"unknown {self._what} {name!r}; known: {', '.join(self.names())}") from None

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted(self._kinds)

    def __contains__(self, name: object) -> bool:
        return name in self._kinds

    def __iter__(self) -> Iterator[T]:
        return iter([self._kinds[name] for name in self.names()])


def load_modules(package: str) -> None:
    """Import every module of ``package`` so that each can register itself."""
    module = importlib.import_module(package)
    for found in pkgutil.iter_modules(module.__path__):
        importlib.import_module(f"{package}.{found.name}")
