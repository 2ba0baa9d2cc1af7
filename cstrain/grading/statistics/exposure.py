"""How often questions are met: exposure of a question, and how much two people's forms have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence


def exposure(uses: int, administrations: int) -> float | None:
    """Return in what share of the administered forms a question stood; ``None`` without forms."""
    return uses / administrations if administrations else None


def overlap(forms: Sequence[Collection[int]]) -> float | None:
    """Return the mean share of questions that two forms have in common, over all pairs of forms.

    Counted from how often each question stands (Chen, Ankenmann and Spray 2003), so in one pass. The share
    is of the mean length; ``None`` below two forms or when they are empty.
    """
    uses = Counter(question for form in forms for question in form)
    length = sum(uses.values())
    if len(forms) < 2 or not length:
        return None
    shared = sum(count * (count - 1) for count in uses.values())
    return shared / (length * (len(forms) - 1))
