"""In-app notices, reminders with escalation, and the mail outbox."""

from flask import Flask, url_for

from cstrain.notifications.wording import says


def init_app(app: Flask) -> None:
    """Give templates the words of a notice (``message|says(values)``) and the address of the inbox."""
    app.add_template_filter(says, "says")
    app.context_processor(lambda: {"inbox_url": url_for("notifications.inbox")})
