"""Whether this release can still apply what the company approved under an earlier one."""

from __future__ import annotations

from collections.abc import Sequence

from cstrain.policies.chapters import editable
from cstrain.policies.yaml_source import Fault, SourceError, parse, validate
from cstrain.promotion.editions import store, texts
from cstrain.promotion.editions.facts import EditionFacts, Stage, chapter_name, is_chapter
from cstrain.promotion.editions.queries.drafts import made


def inapplicable() -> list[Fault]:
    """Return what this release cannot read in approved editions, and the cases that it judges otherwise."""
    approved = [one for one in reversed(made()) if one.stage is Stage.APPROVED]
    return [fault for one in approved for fault in _named(one, _faults(one))]


def _faults(one: EditionFacts) -> Sequence[Fault]:
    try:
        if not is_chapter(one.ref):
            return texts.run_cases(one.scenarios, store.ladder_of(one))
        name = chapter_name(one.ref)
        if name not in editable:
            return (Fault("", 1, "这一版软件没有这份制度，或者不再由公司自己改。"),)
        validate(editable.get(name).model, parse(one.text, texts.LADDER_FILE))
    except SourceError as error:
        return error.faults
    return ()


def _named(one: EditionFacts, faults: Sequence[Fault]) -> list[Fault]:
    """Name the edition in place of the file, which is nowhere but in the database."""
    where = f"{chapter_name(one.ref)}第{one.number}版"
    return [Fault(where, fault.line, fault.message) for fault in faults]
