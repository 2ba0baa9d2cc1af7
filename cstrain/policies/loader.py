"""Reads shipped policy files into chapters; faults name file and line."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from cstrain.policies.yaml_source import Fault, SourceError, read, validate

M = TypeVar("M", bound=BaseModel)

SHIPPED = Path(__file__).parent / "shipped"


_loaded: dict[tuple[type[BaseModel], str], BaseModel] = {}


def load(model: type[M], relative: str) -> M:
    """Read one shipped file into ``model``, once; raises ``SourceError`` with file and line."""
    held = _loaded.get((model, relative))
    if not isinstance(held, model):
        held = validate(model, read(SHIPPED / relative, file=relative))
        _loaded[model, relative] = held
    return held


def load_folder(model: type[M], folder: str) -> tuple[M, ...]:
    """Read every ``*.yaml`` of a shipped folder, by name; the faults of all files are raised together."""
    found: list[M] = []
    faults: list[Fault] = []
    for path in sorted((SHIPPED / folder).glob("*.yaml")):
        try:
            found.append(validate(model, read(path, file=f"{folder}/{path.name}")))
        except SourceError as error:
            faults.extend(error.faults)
    if faults:
        raise SourceError(tuple(faults))
    return tuple(found)
