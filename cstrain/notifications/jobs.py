"""What time brings: reminders that have fallen due every quarter of an hour, mail whenever some waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app

from cstrain.notifications.mail import send_mail
from cstrain.notifications.service import run_reminders

_EVERY = timedelta(minutes=15)
_LAST = "cstrain.reminders_at"


def run(now: datetime) -> None:
    """Tell what is due and send what waits; called twice a minute by the job runner."""
    last: datetime | None = current_app.extensions.get(_LAST)
    if last is None or abs(now - last) >= _EVERY:
        current_app.extensions[_LAST] = now
        run_reminders(now)
    send_mail(now)
