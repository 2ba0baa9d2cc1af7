"""Files that must survive: written beside their place, flushed to the disk, then moved there in one step."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cstrain.operations.errors import OperationError


def flush(path: Path) -> None:
    """Force a file's content, or a folder's entries, onto the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def arriving(target: Path, *, force: bool = False) -> Iterator[Path]:
    """Yield a private file beside ``target`` that becomes ``target`` when the block ends well.

    Raises ``OperationError`` when ``target`` exists and ``force`` was not given; nothing is left on failure.
    """
    if target.exists() and not force:
        raise OperationError(f"{target} exists already; name another file, or add --force to replace it")
    if not target.parent.is_dir():
        raise OperationError(f"the folder {target.parent} does not exist")
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield partial
        flush(partial)
        if force:
            partial.replace(target)
        else:
            _place(partial, target)
        flush(target.parent)
    finally:
        partial.unlink(missing_ok=True)


def _place(partial: Path, target: Path) -> None:
    """Move without replacing: linking fails where another file appeared meanwhile."""
    try:
        os.link(partial, target)
    except FileExistsError:
        raise OperationError(f"{target} appeared meanwhile; nothing was overwritten") from None
