"""What a score sheet must hold. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from cstrain.kernel.errors import DomainError
from cstrain.onboarding.policy import SheetSpec

MOST_EVIDENCE = 1000


def ranges(spec: SheetSpec) -> dict[str, tuple[str, Decimal, Decimal]]:
    """Return each number of a sheet with its title and its range."""
    found = {each.id: (each.title, each.low, each.high) for each in spec.measures}
    return found | {each.id: (each.title, Decimal(0), each.of) for each in spec.items}


def check_marks(spec: SheetSpec, marks: Mapping[str, Decimal | None], evidence: str) -> dict[str, Decimal]:
    """Return the marks of a complete sheet; refuse missing or impossible numbers and missing evidence."""
    wanted = ranges(spec)
    lacking = [title for name, (title, _low, _high) in wanted.items() if marks.get(name) is None]
    if lacking:
        raise DomainError("成绩单没有保存：%(missing)s没有填。请补齐后再保存。", missing="、".join(lacking))
    checked: dict[str, Decimal] = {}
    for name, (title, low, high) in wanted.items():
        value = marks[name]
        if value is None or not value.is_finite() or not low <= value <= high:
            raise DomainError(
                "成绩单没有保存：%(title)s只能填%(low)s到%(high)s。请改正后再保存。",
                title=title,
                low=low,
                high=high,
            )
        checked[name] = value
    if not evidence.strip():
        raise DomainError("成绩单没有保存：没有写依据。请写明录音、会话或截图的编号。")
    if len(evidence) > MOST_EVIDENCE:
        raise DomainError("成绩单没有保存：依据最多%(most)s个字。请写短一些。", most=MOST_EVIDENCE)
    return checked


def total(spec: SheetSpec, marks: Mapping[str, Decimal]) -> Decimal | None:
    """Return the sum of the judged items; ``None`` for a sheet that only measures."""
    return sum((marks[item.id] for item in spec.items), Decimal(0)) if spec.items else None
