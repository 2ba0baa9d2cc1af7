"""The composition root: the only module that knows every package."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from types import ModuleType
from typing import Any

from flask import Flask, current_app, g, request
from jinja2 import StrictUndefined
from sqlalchemy.engine import make_url
from werkzeug.routing import IntegerConverter, Map

from cstrain import access, unit_of_work
from cstrain.bundled import bundled
from cstrain.config import Settings, check_secret
from cstrain.extensions import db, local_date, login_manager, now
from cstrain.kernel.clock import Clock, SystemClock
from cstrain.kernel.ids import PersonId
from cstrain.policies.access_chapter import load_grants
from cstrain.ui.forms import MOST_ID
from cstrain.web.cookies import Tokens
from cstrain.web.headers import hardened
from cstrain.web.templating import LocalisedEnvironment

PACKAGES = (
    "audit",
    "notifications",
    "ui",
    "media",
    "lessons",
    "lessons.authoring",
    "people",
    "questions",
    "questions.authoring",
    "questions.intake",
    "questions.library",
    "questions.reports",
    "questions.duplicates",
    "questions.sources",
    "approvals",
    "exams",
    "exams.invigilation",
    "exams.on_paper",
    "exams.papermaking",
    "rulebook",
    "grading",
    "grading.analysis",
    "grading.band",
    "grading.evidence",
    "grading.rekeying",
    "grading.retests",
    "grading.credentials",
    "grading.standards",
    "grading.written",
    "grading.practice",
    "performance",
    "performance.discipline",
    "performance.quality",
    "performance.reviews",
    "performance.assessment",
    "performance.activities",
    "pay",
    "onboarding",
    "onboarding.conversion",
    "promotion",
    "promotion.applications",
    "promotion.competition",
    "promotion.rating",
    "promotion.eaglet",
    "promotion.moves",
    "promotion.editions",
    "web",
)
_ROOMS = ("models", "relations", "chapters", "listeners", "jobs", "views")
_SESSION_HOURS = 12


class _Application(Flask):
    """Flask, told once that no function here is asynchronous: it would ask nine of them at every request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


class _IdConverter(IntegerConverter):
    """A number in an address; one that fits no column is an address that does not exist."""

    def __init__(self, rules: Map) -> None:
        super().__init__(rules, max=MOST_ID)


def create_app(settings: Settings, clock: Clock | None = None) -> Flask:
    """Build the application. ``clock`` is injected here and nowhere else; without one it is the machine's."""
    check_secret(settings.secret_key)
    app = _Application(__name__, template_folder=str(bundled("templates")), static_folder=None)
    app.jinja_environment = LocalisedEnvironment
    app.config.update(_flask_config(settings))
    app.url_map.converters["int"] = _IdConverter
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["cstrain.clock"] = clock or SystemClock()
    app.extensions["cstrain.zone"] = settings.zone
    app.extensions["cstrain.settings"] = settings
    app.extensions["cstrain.access"] = access.Access(load_grants(), _roles_of)
    db.init_app(app)
    login_manager.init_app(app)
    unit_of_work.init_app(app)
    Tokens().init_app(app)
    _register_packages(app)
    app.before_request(_guard)
    app.wsgi_app = hardened(app.wsgi_app)  # type: ignore[assignment]
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    prefix = "__Host-" if settings.secure_cookies else ""
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings.database_url),
        "TIMEZONE": settings.timezone,
        "BABEL_DEFAULT_LOCALE": "zh",
        "BABEL_DEFAULT_TIMEZONE": settings.timezone,
        "SESSION_COOKIE_NAME": f"{prefix}cstrain",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=_SESSION_HOURS),
        "MAX_CONTENT_LENGTH": 8 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 2000,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _engine_options(url: str) -> dict[str, Any]:
    """Return the pool's options: the connection used last is used next, with all that it has in memory.

    (A database in memory has but one.)
    """
    in_memory = make_url(url).database in {None, "", ":memory:"}
    return {} if in_memory else {"pool_use_lifo": True}


@cache
def rooms() -> dict[tuple[str, str], ModuleType]:
    """Import and return the rooms the root wires, by (package, room); a package may lack any of them."""
    found = {}
    for package in PACKAGES:
        if importlib.util.find_spec(f"cstrain.{package}") is None:
            continue
        for room in _ROOMS:
            name = f"cstrain.{package}.{room}"
            if importlib.util.find_spec(name) is not None:
                found[package, room] = importlib.import_module(name)
    return found


def _register_packages(app: Flask) -> None:
    found = rooms()
    for package in PACKAGES:
        if importlib.util.find_spec(f"cstrain.{package}") is None:
            continue
        module = importlib.import_module(f"cstrain.{package}")
        if hasattr(module, "init_app"):
            module.init_app(app)
    app.extensions["cstrain.jobs"] = {
        package: module.run
        for (package, room), module in found.items()
        if room == "jobs" and hasattr(module, "run")
    }
    jobs = (module for (_package, room), module in found.items() if room == "jobs")
    app.extensions["cstrain.beats"] = [module.beat for module in jobs if hasattr(module, "beat")]
    for (_package, room), module in found.items():
        if room == "views":
            for blueprint in getattr(module, "blueprints", ()):
                app.register_blueprint(blueprint)


def _roles_of(person: PersonId) -> frozenset[str]:
    """Return a person's roles at this moment, read once per request."""
    cache: dict[PersonId, frozenset[str]] = g.setdefault("roles", {})
    if person not in cache:
        queries = importlib.import_module("cstrain.people.queries")
        cache[person] = queries.roles_of(person, local_date(now()))
    return cache[person]


def _guard() -> Any:
    """Check the permission that the route names, before the view runs."""
    view = current_app.view_functions.get(request.endpoint or "")
    return access.guard(view) if view is not None else None
