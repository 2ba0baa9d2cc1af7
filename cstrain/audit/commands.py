"""``cstrain audit``: verify the log, and make checkpoints to keep elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from cstrain.audit import checkpoints, queries
from cstrain.audit.chain import Checkpoint
from cstrain.cli_context import with_app_to_read
from cstrain.extensions import now

_FILE = click.Path(path_type=Path, dir_okay=False)
_SHOWN = 50


@click.group()
def audit() -> None:
    """The audit log: append-only and hash-chained.

    \b
    Example:
      cstrain audit verify --checkpoint /media/usb/checkpoint.json
    """


@audit.command()
@click.option("--checkpoint", "kept", type=_FILE, help="A checkpoint file that was kept elsewhere.")
@with_app_to_read
def verify(kept: Path | None) -> None:
    """Look for edits, removals, insertions and reorderings; ends with 1 when there are any.

    Only a checkpoint that was kept elsewhere shows a tail that was cut off or a chain that was wholly
    rewritten.

    \b
    Example:
      cstrain audit verify
      cstrain audit verify --checkpoint checkpoint.json
    """
    against: Checkpoint | None = None
    if kept is not None:
        against = checkpoints.load(kept.read_text("utf-8", "replace"))
    found = queries.verify(against)
    if not found.faults:
        compared = f", continues the checkpoint at {against.seq}" if against else ""
        click.echo(f"the audit log is whole: {found.entries} entries{compared}")
        click.echo(f"head: {found.head.seq} {found.head.entry_hash}")
        return
    for fault in found.faults[:_SHOWN]:
        click.echo(fault, err=True)
    more = len(found.faults) - _SHOWN
    if more > 0:
        click.echo(f"… and {more} more", err=True)
    raise click.ClickException(f"the audit log is NOT whole: {len(found.faults)} faults")


@audit.command()
@click.argument("file", required=False, type=_FILE)
@with_app_to_read
def checkpoint(file: Path | None) -> None:
    """Write the head of the log to FILE (or print it); keep it where the operator cannot change it.

    Refuses when the log is not whole: a checkpoint of a broken chain would prove nothing.

    \b
    Example:
      cstrain audit checkpoint /media/usb/checkpoint.json
    """
    found = queries.verify()
    if found.faults:
        raise click.ClickException("the audit log is NOT whole; run: cstrain audit verify")
    text = checkpoints.dump(found.head, now().isoformat(timespec="seconds"))
    if file is None:
        click.echo(text)
        return
    file.write_text(text + "\n", "utf-8")
    click.echo(f"checkpoint of entry {found.head.seq} written to {file}")
