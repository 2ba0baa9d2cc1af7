"""Pure rules of delivery: how long an attempt lasts, and what becomes of what arrives.

Sources: docs/rules.md 3.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from cstrain.exams.facts import Accommodation, PersonalWindow


class Disposition(StrEnum):
    """What became of an answer event. All but ``ACCEPTED`` are kept aside, visible to an adjudicator."""

    ACCEPTED = "accepted"
    LATE = "late"
    SUPERSEDED = "superseded"
    AFTER_SUBMIT = "after_submit"
    UNPARSABLE = "unparsable"


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """An event of the log as the final answers are computed from it. ``value`` is JSON text."""

    slot: int
    value: str
    lease_epoch: int
    client_seq: int
    disposition: str


def deadline(started: datetime, minutes: int, window_end: datetime, extra_minutes: int) -> datetime:
    """Return min(start + limit, end of the window) + the person's extra minutes."""
    return min(started + timedelta(minutes=minutes), window_end) + timedelta(minutes=extra_minutes)


def ends_at(ends: datetime, paused: datetime | None, now: datetime) -> datetime:
    """Return when an attempt ends, as seen now. While it is paused the end moves on with the clock.

    The one rule of pauses (docs/rules.md 3): time left, lateness, hand-in by the clock and resuming ask it.
    An attempt paused at its very end (held) has no time left and yet is not over.
    """
    return ends if paused is None else ends + max(now - paused, timedelta(0))


def is_over(now: datetime, ends: datetime, submitted: datetime | None) -> bool:
    """Tell whether an attempt takes no more answers (grace apart)."""
    return submitted is not None or now > ends


def remaining_ms(now: datetime, ends: datetime) -> int:
    """Return the milliseconds left, never negative; the browser gets durations, never times."""
    return max(0, int((ends - now) / timedelta(milliseconds=1)))


def dispose(
    *,
    received: datetime,
    ends: datetime,
    grace: timedelta,
    submitted: bool,
    epoch: int,
    current_epoch: int,
    parsable: bool,
) -> Disposition:
    """Decide what becomes of an event. ``received`` is the server's clock read first in the request."""
    if not parsable:
        return Disposition.UNPARSABLE
    if submitted:
        return Disposition.AFTER_SUBMIT
    if received > ends + grace:
        return Disposition.LATE
    if epoch != current_epoch:
        return Disposition.SUPERSEDED
    return Disposition.ACCEPTED


def newer(epoch: int, seq: int, than_epoch: int, than_seq: int) -> bool:
    """Tell whether an answer replaces another: by lease epoch, then by the client's own count."""
    return (epoch, seq) > (than_epoch, than_seq)


def final_answers(log: Iterable[LoggedAnswer]) -> dict[int, str]:
    """Return the final answer (JSON text) of each answered slot: a function of the log in any order."""
    best: dict[int, LoggedAnswer] = {}
    for event in log:
        if event.disposition != Disposition.ACCEPTED:
            continue
        held = best.get(event.slot)
        if held is None or newer(event.lease_epoch, event.client_seq, held.lease_epoch, held.client_seq):
            best[event.slot] = event
    return {slot: best[slot].value for slot in sorted(best)}


def is_blank(value: object) -> bool:
    """Tell whether a parsed response says nothing: null, empty text, no option, only empty blanks."""
    if isinstance(value, list):
        return all(is_blank(item) for item in value)
    if isinstance(value, dict):
        return all(is_blank(item) for item in value.values())
    return value is None or (isinstance(value, str) and not value.strip())


def count_answered(answers: Mapping[int, str]) -> int:
    """Return how many slots hold an answer; one that was cleared again does not count."""
    return sum(not is_blank(json.loads(value)) for value in answers.values())


def receipt(attempt_id: int, answers: Mapping[int, str], submitted: datetime) -> str:
    """Return SHA-256 (hex) over the attempt's number, its final answers and the server's time of submission.

    Canonical text: JSON, sorted keys, no white space, UTF-8; answers are compared as parsed JSON.
    """
    body = {
        "answers": {str(slot): json.loads(value) for slot, value in answers.items()},
        "attempt": attempt_id,
        "submitted_at": receipt_time(submitted),
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def receipt_time(submitted: datetime) -> str:
    """Return the time of submission as the receipt spells it: ISO 8601, UTC, microseconds."""
    return submitted.astimezone(UTC).isoformat(timespec="microseconds")


class Stage(StrEnum):
    """Where a sitting stands for one candidate."""

    RUNNING = "running"
    OPEN = "open"
    LATER = "later"
    LATE = "late"
    LOCKED = "locked"
    EXEMPT = "exempt"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


def personal_window(
    opens: datetime,
    closes: datetime,
    late_minutes: int | None,
    extra_minutes: int,
    given: Accommodation | None,
) -> PersonalWindow:
    """Return when one person may sit: the sitting's times, changed by the accommodation that counts.

    One may start up to and including ``late_minutes`` after the opening (one's own, if it was moved), and
    always before the end; who was let in late may start until then.
    """
    if given is None:
        last = _last_start(opens, closes, late_minutes)
        return PersonalWindow(opens, closes, last, extra_minutes, own=False)
    mine, ends = given.opens_at or opens, given.closes_at or closes
    last = None if given.late else _last_start(mine, ends, late_minutes)
    return PersonalWindow(mine, ends, last, given.extra_minutes, own=(mine, ends) != (opens, closes))


def _last_start(opens: datetime, closes: datetime, late_minutes: int | None) -> datetime | None:
    """Return the last instant to start; ``None`` where the limit reaches the end anyway."""
    if late_minutes is None:
        return None
    last = opens + timedelta(minutes=late_minutes)
    return last if last < closes else None


def fits_unified(opens: datetime, closes: datetime, minutes: int, late_minutes: int | None) -> bool:
    """Tell whether a window is one sitting for everybody: the paper's minutes, and late minutes at most."""
    length = closes - opens
    return timedelta(minutes=minutes) <= length <= timedelta(minutes=minutes + (late_minutes or 0))


def stage(
    now: datetime,
    opens: datetime,
    closes: datetime,
    *,
    cancelled: bool,
    max_attempts: int | None,
    states: Sequence[str],
    last_start: datetime | None = None,
    locked: bool = False,
    exempt: bool = False,
) -> Stage:
    """Return the stage of a sitting from the candidate's window and the states of their attempts there.

    ``locked``: a paper that must be passed before is not; ``exempt``: they need not sit it. What can be
    started is ``OPEN``, nothing else.
    """
    counted = [state for state in states if state != "voided"]
    if "open" in counted:
        return Stage.RUNNING
    if cancelled:
        return Stage.CANCELLED
    if exempt and not counted:
        return Stage.EXEMPT
    if now < opens:
        return Stage.LATER
    if now >= closes:
        return Stage.DONE if counted else Stage.MISSED
    if max_attempts is not None and len(counted) >= max_attempts:
        return Stage.DONE
    if last_start is not None and now > last_start:
        return Stage.LATE
    return Stage.LOCKED if locked else Stage.OPEN


def sat_at(now: datetime, opens: datetime, closes: datetime) -> datetime:
    """Return when a sitting is, or would be, sat as it looks now: the moment of its window nearest to now.

    Whether an exemption counts for the sitting is judged on that day (docs/rules.md 2): not on today's, if
    it lies ahead or is over.
    """
    return max(opens, min(now, closes - timedelta.resolution))


_CODE_SIGNS = "ACDEFHJKMNPRTUVWXY34679"
_CODE_LENGTH = 6


def new_code(chance: random.Random) -> str:
    """Return a room code: six signs of which no two look alike."""
    return "".join(chance.choice(_CODE_SIGNS) for _ in range(_CODE_LENGTH))


def written_code(typed: str) -> str:
    """Return a code as it is compared: without blanks and hyphens, capitals, half width."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(sign for sign in plain if not sign.isspace() and sign != "-")


def is_code(typed: str, code: str) -> bool:
    """Tell whether the right code was typed; takes as long for a nearly right one as for any other."""
    return hmac.compare_digest(written_code(typed).encode(), code.encode())


def wait_until(wrong: Sequence[datetime], now: datetime, most: int, within: timedelta) -> datetime | None:
    """Return until when one may try no other code; ``None`` unless ``most`` wrong ones lie ``within``."""
    recent = sorted(at for at in wrong if at > now - within)
    return recent[-most] + within if len(recent) >= most else None
