"""Words: Chinese in pages stands inside ``_()``, and everything people read has its English."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jinja2
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2 import nodes

import cstrain
from cstrain.kernel.errors import DomainError
from cstrain.web.i18n import COUNT, FOLDER, catalogue
from tests.web.routes import house_app
from tests.web.verdict import none_of

ROOT = Path(__file__).parent.parent.parent
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]")
PLACE = re.compile(r"%(?:\((\w+)\))?[sdf%]")
ASKING = {"_", "gettext", "ngettext", "lazy_gettext", "lazy_ngettext"}
OWN_NAMES = {"中文"}
"""A language's name in itself is the same in every language."""
WORD_TABLES = re.compile(r"_?[A-Z_]*WORDS$")


@cache
def english() -> dict[str, str]:
    """Return the English of every word; of one with plural forms (a key with their number) the last."""
    entries = catalogue("en")._catalog.items()
    return {key if isinstance(key, str) else key[0]: text for key, text in entries}


@cache
def environment() -> jinja2.Environment:
    return house_app().jinja_env


def templates() -> list[str]:
    return sorted(
        path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.html")
    )


def _parsed(name: str) -> nodes.Template:
    return environment().parse((ROOT / "templates" / name).read_text(encoding="utf-8"), name)


def _asked(tree: nodes.Node) -> Iterator[nodes.Const]:
    """Yield the constants that a page asks a translation for."""
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ASKING:
            for argument in call.args[: 2 if "ngettext" in call.node.name else 1]:
                yield from argument.find_all(nodes.Const)
                if isinstance(argument, nodes.Const):
                    yield argument


@pytest.mark.parametrize("name", templates())
def test_chinese_in_a_page_stands_in_a_translation(name):
    tree = _parsed(name)
    asked = {id(each) for each in _asked(tree)}
    bare = [each.data.strip() for each in tree.find_all(nodes.TemplateData) if CHINESE.search(each.data)]
    bare += [
        each.value
        for each in tree.find_all(nodes.Const)
        if isinstance(each.value, str) and CHINESE.search(each.value) and id(each) not in asked
    ]
    none_of(text for text in bare if text not in OWN_NAMES)


def test_every_word_of_the_pages_has_its_english():
    wanted = {(name, each.value) for name in templates() for each in _asked(_parsed(name))}
    none_of(f"{name} {text}" for name, text in wanted if isinstance(text, str) and not english().get(text))


# words in the code


def _refusals() -> set[str]:
    """Return the names of every class of refusal."""
    for found in pkgutil.walk_packages(cstrain.__path__, "cstrain."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    known, waiting = set(), [DomainError]
    while waiting:
        kind = waiting.pop()
        known.add(kind.__name__)
        waiting.extend(kind.__subclasses__())
    return known


def _first_words(call: ast.Call, name: str, refusals: set[str]) -> list[ast.expr]:
    """Return the arguments of a call that are words for people."""
    named = [word.value for word in call.keywords if word.arg == "message"]
    if name in ASKING:
        return call.args[: 2 if "ngettext" in name else 1]
    if name in refusals or name in {"Each", "say", "said_row"}:
        return call.args[:1]
    if name in {"notify", "Due", "Bundle"}:
        return [*call.args[1:2], *named]
    return []


def _constants(tree: ast.Module) -> dict[str, str]:
    """Return a module's own ``_NAME = "words"``."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _words_of(tree: ast.Module, refusals: set[str]) -> Iterator[tuple[int, str]]:
    constants = _constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rsplit(".", 1)[-1]
            for argument in _first_words(node, name, refusals):
                yield from _texts(argument, constants)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from _table(node)


def _texts(argument: ast.expr, constants: dict[str, str]) -> Iterator[tuple[int, str]]:
    if isinstance(argument, ast.Name) and argument.id in constants:
        yield argument.lineno, constants[argument.id]
    for node in ast.walk(argument):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def _table(node: ast.Assign | ast.AnnAssign) -> Iterator[tuple[int, str]]:
    """Yield the words of a table that a filter or a page translates, such as ``LEVEL_WORDS``."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if isinstance(target, ast.Name) and WORD_TABLES.fullmatch(target.id) and isinstance(node.value, ast.Dict):
        for value in node.value.values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.lineno, value.value


def test_every_word_of_the_code_has_its_english():
    refusals = _refusals()
    missing = []
    for path in sorted((ROOT / "cstrain").rglob("*.py")):
        for line, text in _words_of(ast.parse(path.read_text(encoding="utf-8")), refusals):
            if CHINESE.search(text) and not english().get(text):
                missing.append(f"{path.relative_to(ROOT)}:{line} {text}")
    none_of(set(missing))


# the catalogues


def _messages() -> Iterator[tuple[str, Message]]:
    for path in sorted((FOLDER / "en").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id:
                    yield path.name, message


def _forms(message: Message) -> tuple[str, ...]:
    """Return what a message is in English: one text, or that for one and that for several."""
    return message.string if message.pluralizable else (message.string,)


def _entries() -> Iterator[tuple[str, str, str]]:
    """Yield file, original and English; a message with plural forms once for each form."""
    for file, message in _messages():
        word = message.id[0] if message.pluralizable else message.id
        for text in _forms(message):
            yield file, word, text


def test_a_translation_has_the_places_of_its_original():
    wrong = []
    for file, word, text in _entries():
        if set(PLACE.findall(word)) != set(PLACE.findall(text)):
            wrong.append(f"{file}: {word} -> {text}")
    none_of(wrong)


def test_english_is_english_and_complete():
    none_of(f"{file}: {word}" for file, word, text in _entries() if not text)
    none_of(
        f"{file}: {word}" for file, word, text in _entries() if text not in OWN_NAMES and CHINESE.search(text)
    )


def test_plural_forms_are_two_of_one_chinese_text_that_counts():
    """Chinese has no plural; a message that has no place ``n`` could never say its form for one."""
    none_of(
        f"{file}: {message.id}"
        for file, message in _messages()
        if message.pluralizable
        and not (
            message.id[0] == message.id[1]
            and COUNT in PLACE.findall(message.id[0])
            and len(set(message.string)) == 2
        )
    )


def test_one_original_has_one_translation():
    seen: dict[str, tuple[str, ...]] = {}
    twice = []
    for file, message in _messages():
        word, forms = message.id[0] if message.pluralizable else message.id, _forms(message)
        if seen.setdefault(word, forms) != forms:
            twice.append(f"{file}: {word} is both {seen[word]!r} and {forms!r}")
    none_of(twice)


def test_english_is_written_with_straight_apostrophes():
    """Chinese fonts stand first and draw the curly one a whole sign wide."""
    none_of(
        f"{path.name}:{number}"
        for path in sorted((FOLDER / "en").glob("*.po"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if "\u2019" in line
    )
