"""Which event leads an application from which state to which. Pure; source: docs/rules.md 7."""

from __future__ import annotations

from cstrain.kernel.errors import ConflictError
from cstrain.promotion.applications.facts import State

_S = State
MOVES: dict[str, tuple[frozenset[State], State]] = {
    "review": (frozenset({_S.SUBMITTED}), _S.REVIEWED),
    "pass": (frozenset({_S.REVIEWED}), _S.CHECKED),
    "pass_without_panel": (frozenset({_S.REVIEWED}), _S.DEFENDED),
    "return": (frozenset({_S.REVIEWED}), _S.RETURNED),
    "defend": (frozenset({_S.CHECKED}), _S.DEFENDED),
    "approve": (frozenset({_S.DEFENDED}), _S.APPROVED),
    "approve_without_notice": (frozenset({_S.DEFENDED}), _S.CLEARED),
    "decline": (frozenset({_S.DEFENDED}), _S.DECLINED),
    "publish": (frozenset({_S.APPROVED}), _S.NOTICE),
    "clear": (frozenset({_S.NOTICE}), _S.CLEARED),
    "stop": (frozenset({_S.NOTICE}), _S.STOPPED),
    "appoint": (frozenset({_S.CLEARED}), _S.APPOINTED),
    "begin_trial": (frozenset({_S.CLEARED}), _S.TRIAL),
    "confirm_trial": (frozenset({_S.TRIAL}), _S.CONFIRMED),
    "fail_trial": (frozenset({_S.TRIAL}), _S.UNCONFIRMED),
    "withdraw": (frozenset({_S.SUBMITTED, _S.REVIEWED, _S.CHECKED}), _S.WITHDRAWN),
    "leave": (frozenset(_S) - frozenset({_S.LEFT}), _S.LEFT),
    "reopen_check": (frozenset({_S.RETURNED}), _S.REVIEWED),
    "reopen_decision": (frozenset({_S.DECLINED, _S.STOPPED}), _S.DEFENDED),
    "reopen_trial": (frozenset({_S.UNCONFIRMED}), _S.TRIAL),
}
"""By kind of event: the states it may happen in, and the state it leads to. ``submit`` begins."""

CLOSED = frozenset(
    {
        _S.RETURNED,
        _S.DECLINED,
        _S.STOPPED,
        _S.WITHDRAWN,
        _S.LEFT,
        _S.APPOINTED,
        _S.CONFIRMED,
        _S.UNCONFIRMED,
    }
)
"""States in which nothing more is done unless an appeal is upheld."""

REOPENS: dict[State, str] = {
    _S.RETURNED: "reopen_check",
    _S.DECLINED: "reopen_decision",
    _S.STOPPED: "reopen_decision",
    _S.UNCONFIRMED: "reopen_trial",
}
"""Endings that may be appealed against, and what an upheld appeal does."""


def move(state: State, kind: str) -> State:
    """Return the state after an event; raises ``ConflictError`` when it cannot happen now."""
    allowed, after = MOVES[kind]
    if state not in allowed:
        raise ConflictError("这份申请已经进行到别的一步，没有办理。请刷新后再看。")
    return after
