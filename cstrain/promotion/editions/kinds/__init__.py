"""What can have editions: a ladder, or a chapter. The road of an edition is the same for both."""

from cstrain.policies.chapters import editable
from cstrain.promotion.editions.facts import chapter_name, is_chapter
from cstrain.promotion.editions.kinds.base import Policy
from cstrain.promotion.editions.kinds.chapter import ChapterPolicy
from cstrain.promotion.editions.kinds.ladder import LadderPolicy

__all__ = ["ChapterPolicy", "LadderPolicy", "Policy", "chapters", "of"]


def of(ref: str) -> Policy:
    """Return what a reference names; raises ``NotFoundError`` for one that names nothing."""
    return ChapterPolicy(chapter_name(ref)) if is_chapter(ref) else LadderPolicy(ref)


def chapters() -> list[ChapterPolicy]:
    """Return the chapters of which editions may be made, by name."""
    return [ChapterPolicy(name) for name in editable.names()]
