"""Templates compiled once a language: their words are looked up then, not at each rendering.

A page says hundreds of words; looking each up again cost more than everything else on it. What a template
shows stays as it was: ``_('words')`` is the translation, safe as HTML, with its ``%`` filled in. Only a
message with plural forms is looked up at each rendering, by its count of the moment.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment
from flask_babel import get_locale
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer

from cstrain.extensions import babel
from cstrain.web.i18n import COUNT, worded


class _Shared(Template):
    """A template whose macros are made once: all templates here have the same globals."""

    def _get_default_module(self, ctx: Any = None) -> Any:
        return super()._get_default_module()


class _Words(NodeTransformer):
    """Replaces ``_('words')`` and ``_('words %(n)s', n=…)`` by what the catalogue says."""

    def __init__(self, catalogue: Any) -> None:
        self._catalogue = catalogue

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  # Jinja calls it by this name
        """Return a call of ``_`` with constant words as these words; any other call as it is."""
        self.generic_visit(node)
        if not _says_words(node) or self._goes_by_count(node):
            return node
        said = nodes.TemplateData(worded(self._catalogue, node.args[0].as_const()), lineno=node.lineno)
        pairs = [
            nodes.Pair(nodes.Const(each.key, lineno=node.lineno), each.value, lineno=node.lineno)
            for each in node.kwargs
        ]
        return nodes.Mod(said, nodes.Dict(pairs, lineno=node.lineno), lineno=node.lineno)

    def _goes_by_count(self, node: nodes.Call) -> bool:
        """Tell whether a call counts and its words for one are others than those for several."""
        words = node.args[0].as_const()
        counts = any(each.key == COUNT for each in node.kwargs)
        return counts and worded(self._catalogue, words, {COUNT: 1}) != worded(self._catalogue, words)


def _says_words(node: nodes.Call) -> bool:
    named = isinstance(node.node, nodes.Name) and node.node.name == "_"
    constant = len(node.args) == 1 and isinstance(node.args[0], nodes.Const)
    return named and constant and node.dyn_args is None and node.dyn_kwargs is None


class LocalisedEnvironment(Environment):
    """Hands out templates of the language of the moment, each compiled with that language's words."""

    template_class = _Shared
    language: str | None = None
    _of: dict[str, LocalisedEnvironment]

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:
        if self.language is not None:
            return super()._load_template(name, globals)
        return self._in(_language())._load_template(name, globals)

    def _in(self, language: str) -> LocalisedEnvironment:
        """Return the environment of a language; it shares everything but the compiled templates."""
        known = self.__dict__.setdefault("_of", {})
        if language not in known:
            overlay = self.overlay()
            overlay.language = language
            known[language] = overlay
        return known[language]  # type: ignore[no-any-return]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if self.language is None:
            return tree
        catalogue = babel.domain_instance.get_translations()
        return _Words(catalogue).visit(tree)  # type: ignore[no-any-return]


def _language() -> str:
    locale = get_locale()
    return str(locale.language) if locale else "zh"
