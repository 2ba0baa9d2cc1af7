"""What a question says to a reader, as a digest: two questions with the same one are duplicates. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from cstrain.questions.folding import fold


def meaning_of(kind: str, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
    """Return a digest of what a question asks and takes for right, as a reader sees it.

    Type, words and key count but for width, case, spaces and punctuation; id, difficulty, explanation and
    source do not.
    """
    said = json.dumps([kind, _folded(content), _folded(key)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _folded(value: Any) -> Any:
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, Mapping):
        return {str(name): _folded(each) for name, each in value.items()}
    return [_folded(each) for each in value] if isinstance(value, Sequence) else value
