"""Checkpoint files: the head of the chain, to be kept where the operator cannot change it."""

from __future__ import annotations

import json
import re

from cstrain.audit.chain import Checkpoint
from cstrain.kernel.errors import DomainError

_HASH = re.compile(r"[0-9a-f]{64}")
_KIND = "cstrain audit checkpoint"


def dump(checkpoint: Checkpoint, made_at: str) -> str:
    """Return the text of a checkpoint file; ``made_at`` is for people, it proves nothing."""
    return json.dumps(
        {
            "kind": _KIND,
            "seq": checkpoint.seq,
            "entry_hash": checkpoint.entry_hash,
            "made_at": made_at,
        },
        indent=2,
    )


def load(text: str) -> Checkpoint:
    """Read a checkpoint file; raises ``DomainError`` when it is not one."""
    try:
        data = json.loads(text)
        seq, entry_hash = data["seq"], data["entry_hash"]
        if data["kind"] == _KIND and type(seq) is int and seq >= 0 and _HASH.fullmatch(entry_hash):
            return Checkpoint(seq, entry_hash)
    except (ValueError, TypeError, KeyError):
        pass
    raise DomainError("这不是审计检查点文件。请选择用“下载检查点”或 cstrain audit checkpoint 得到的文件。")
