"""Credentials: what a pass is good for and how long, exemptions, results from outside, certificates."""

from __future__ import annotations

from flask import Flask

from cstrain.grading.credentials.limiter import Limiter


def init_app(app: Flask) -> None:
    """Give the application the counter that slows down who looks up certificates."""
    app.extensions["cstrain.certificate_lookups"] = Limiter()
