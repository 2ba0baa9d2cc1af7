"""Watches a whole test run: templates rendered, posts that left an audit entry, words that were translated.

At the end of a run of everything, a template that no test renders, a writing route that no test posts to and
a word without English fail the run. A run of part of the tests is not judged.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import jinja2
import pytest

ROOT = Path(__file__).parent.parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
KINDS = ("templates", "posts", "words")


class Watch:
    """What was seen so far; workers of a distributed run hand theirs to the one that judges."""

    def __init__(self) -> None:
        self.seen: dict[str, set[str]] = {kind: set() for kind in KINDS}

    def note(self, kind: str, what: str) -> None:
        self.seen[kind].add(what)

    def dump(self) -> str:
        return json.dumps({kind: sorted(found) for kind, found in self.seen.items()}, ensure_ascii=False)

    def add(self, text: str) -> None:
        for kind, found in json.loads(text).items():
            self.seen[kind].update(found)


watch = Watch()


def install() -> None:
    """Begin to watch: every template's root block, and every lookup of a translation."""
    _watch_templates()
    _watch_words()


def _watch_templates() -> None:
    original = jinja2.Template._from_namespace.__func__

    def from_namespace(cls, environment, namespace, globals):
        template = original(cls, environment, namespace, globals)
        root = template.root_render_func

        def watched(context):
            if template.name:
                watch.note("templates", template.name)
            return root(context)

        template.root_render_func = watched
        return template

    jinja2.Template._from_namespace = classmethod(from_namespace)


class _Watched:
    """A catalogue that notes what it is asked for."""

    def __init__(self, catalogue) -> None:
        self._catalogue = catalogue

    def __getattr__(self, name):
        found = getattr(self._catalogue, name)
        if "gettext" not in name:
            return found

        def ask(*words):
            for word in words:
                if isinstance(word, str) and CHINESE.search(word):
                    watch.note("words", word)
            return found(*words)

        return ask


def _watch_words() -> None:
    from cstrain.web.i18n import CatalogueDomain

    original = CatalogueDomain.get_translations
    CatalogueDomain.get_translations = lambda self: _Watched(original(self))


def is_whole(config: pytest.Config) -> bool:
    """Tell whether the run is of everything."""
    options = config.option
    narrowed = (
        options.keyword
        or options.markexpr
        or getattr(options, "lf", False)
        or getattr(options, "deselect", None)
    )
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not narrowed


def faults() -> list[str]:
    """Return what a run of everything left unseen."""
    return [*_unrendered(), *_unposted(), *_untranslated()]


def _unrendered() -> list[str]:
    folder = ROOT / "templates"
    every = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    return [f"no test renders templates/{name}" for name in sorted(every - watch.seen["templates"])]


def _unposted() -> list[str]:
    from tests.web.routes import house_app, writing_endpoints

    wanted = set(writing_endpoints(house_app()))
    return [
        f"no test posts to {name} with success and an audit entry"
        for name in sorted(wanted - watch.seen["posts"])
    ]


def _untranslated() -> list[str]:
    from cstrain.web.i18n import catalogue

    known = {
        key if isinstance(key, str) else key[0] for key, text in catalogue("en")._catalog.items() if text
    }
    return [f"no English for {word!r}" for word in sorted(watch.seen["words"] - known)]
