"""The house keeps its own rules: routes and permissions, floors and doors, sizes, time, secrets of exams."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

from tests.web.routes import house_app, permission, rules, writing_endpoints
from tests.web.verdict import none_of

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "cstrain"
OPEN = {"public", "signed_in"}
ENTRANCES = {"service", "queries", "facts", "events", "errors", "policy"}
LIBRARIES = {"audit", "documents", "judgement", "kernel", "policies", "ui", "wording"}
"""Packages that are entered anywhere: they hold words and tools, not a part of the business."""
PUBLISHED = {
    "questions.question_type",  # the contract that a new type fulfils
    "questions.slots",  # places on its pages that packages above fill
    "questions.cells",  # what a paper asks of a bank
    "lessons.page_source",  # the shipped pages as files, for checks without a database
    "exams.ports",  # what exams ask of packages above, which fill it
    "people.slots",  # places on the person page that packages above fill
    "onboarding.presenting",  # a trainee's days in words, for the homes
    "promotion.eligibility",  # who could apply and has not, for the homes
    "promotion.ladders",  # the ladders in force, read like a chapter of the policies
}
"""Further doors, each with its reason."""
WHOLE_HOUSE = {"app", "cli", "demo", "demo_command", "operations"}
"""Who puts the house together and may see every room but the tables."""
KEY_HOLDERS = {"grading", "questions", "demo"}
"""Who may load keys: grading marks, questions shows them to authors, the demo's made-up people answer."""
CLOCK_READERS = {"kernel/clock.py", "operations/commands.py"}
"""Who may ask the machine for the time: the one clock, and the name of what a restore keeps."""
LONGEST_FILE, USUAL_FILE = 400, 300
LONGEST_TEST_FILE = 800
"""A test file mirrors what it tests and may be longer: its functions are read one at a time."""
LONGEST_FUNCTION, EXCUSED_FUNCTION, USUAL_FUNCTION = 40, 60, 30


@cache
def sources() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


# routes and permissions


def test_every_route_names_a_permission():
    app = house_app()
    silent = [rule.endpoint for rule in rules(app) if permission(app, rule) is None]
    none_of(silent)


def test_every_named_permission_is_granted_to_somebody():
    app = house_app()
    granted = app.extensions["cstrain.access"].grants.permissions() | OPEN
    named = {permission(app, rule) for rule in rules(app)}
    none_of(named - granted)


def test_every_granted_permission_is_asked_for_somewhere():
    app = house_app()
    granted = app.extensions["cstrain.access"].grants.permissions()
    asked = {
        node.value
        for tree in sources().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    none_of(name for name in granted - asked if f"'{name}'" not in pages)


def test_every_relation_in_the_access_chapter_is_known():
    from cstrain.access import relations
    from cstrain.policies.access_chapter import unknown_relations

    grants = house_app().extensions["cstrain.access"].grants
    none_of(unknown_relations(grants, frozenset(relations.names())))


def test_routes_that_only_look_take_no_unsafe_method_and_the_others_are_posts():
    for rule in rules(house_app()):
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}, rule.endpoint


def test_writing_routes_are_found_so_that_the_watch_can_judge_them():
    assert len(set(writing_endpoints(house_app()))) > 20


# floors and entrances


def packages() -> list[str]:
    return sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("cstrain", cache_dir=None)


def _is_a_door(inner: list[str]) -> bool:
    """``people.service``, ``onboarding.conversion.queries.board``, or one that is published."""
    return ".".join(inner[:2]) in PUBLISHED or not ENTRANCES.isdisjoint(inner[1:3])


def test_packages_enter_each_other_by_their_doors_only():
    wrong = []
    for importer in graph().modules:
        home = importer.split(".")[1] if "." in importer else ""
        for imported in graph().find_modules_directly_imported_by(importer):
            inner = imported.split(".")[1:]
            if len(inner) > 1 and inner[0] not in LIBRARIES | {home} and not _is_a_door(inner):
                wrong.append(f"{importer} -> {imported}")
    none_of(each for each in wrong if each.split(".")[1].split(" ")[0] not in WHOLE_HOUSE)


def test_there_is_no_circle_of_imports():
    """Counts imports for type checking too."""
    waiting = {module: set(graph().find_modules_directly_imported_by(module)) for module in graph().modules}
    while True:
        free = {module for module, needs in waiting.items() if not needs}
        if not free:
            break
        waiting = {module: needs - free for module, needs in waiting.items() if module not in free}
    none_of(waiting)


def test_every_package_has_its_contracts():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    by_id = {each["id"]: each for each in contracts}
    for path in PACKAGE.rglob("models.py"):
        parts = path.parent.relative_to(PACKAGE).parts
        name = f"cstrain.{'.'.join(parts)}"
        contract = by_id[f"{'-'.join(parts)}-tables"]
        assert (contract["protected_modules"], contract["allowed_importers"]) == ([f"{name}.models"], [name])
        assert name in by_id["rooms"]["containers"], name


def test_keys_are_loaded_by_those_who_mark_or_write_questions_only():
    takers = {
        relative(path).split("/")[0]
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute | ast.alias)
        and "keyed_versions"
        in (getattr(node, "id", ""), getattr(node, "attr", ""), getattr(node, "name", ""))
    }
    none_of(takers - KEY_HOLDERS)


# sizes


def text_files() -> list[Path]:
    found = [*PACKAGE.rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    found += (ROOT / "templates").rglob("*.html")
    found += [path for kind in ("*.js", "*.css") for path in (PACKAGE / "web" / "static").rglob(kind)]
    return [path for path in found if "__pycache__" not in path.parts]


def test_files_are_short():
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in text_files()}
    none_of(f"{path}: {n} lines" for path, n in lines.items() if n > LONGEST_FILE)
    tests = {path: len(path.read_text().splitlines()) for path in (ROOT / "tests").rglob("*.py")}
    none_of(f"{path}: {n} lines" for path, n in tests.items() if n > LONGEST_TEST_FILE)
    longer = [path for path, n in lines.items() if n > USUAL_FILE]
    if len(longer) > len(lines) * 0.05:
        none_of(longer)


def function_sizes() -> Iterator[tuple[str, int, bool]]:
    for path, tree in sources().items():
        text = path.read_text(encoding="utf-8").splitlines()
        for function in functions(tree):
            first, last = function.lineno, function.end_lineno or function.lineno
            excused = any("# long:" in line for line in text[first - 1 : last])
            yield f"{relative(path)}:{first} {function.name}", last - first + 1, excused


def test_functions_are_short():
    sizes = list(function_sizes())
    most = {True: EXCUSED_FUNCTION, False: LONGEST_FUNCTION}
    none_of(f"{name}: {n} lines" for name, n, excused in sizes if n > most[excused])
    longer = [name for name, n, _excused in sizes if n > USUAL_FUNCTION]
    if len(longer) > len(sizes) * 0.05:
        none_of(longer)


def test_the_kernel_stays_small():
    assert sum(len(path.read_text().splitlines()) for path in (PACKAGE / "kernel").glob("*.py")) < 400


# time and chance


def _calls(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_nobody_reads_the_clock_but_the_clock():
    reading = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.time)$")
    readers = {
        relative(path) for path, tree in sources().items() for call in _calls(tree) if reading.search(call)
    }
    none_of(readers - CLOCK_READERS)


def test_chance_comes_from_outside():
    """``random.Random(seed)`` is made where the seed is known; the module's own generator is nobody's."""
    drawing = re.compile(r"^random\.(?!Random\b)")
    none_of(
        f"{relative(path)}: {call}"
        for path, tree in sources().items()
        for call in _calls(tree)
        if drawing.search(call)
    )


def test_no_import_hides_in_a_function_without_a_reason():
    hidden = []
    for path, tree in sources().items():
        lines = path.read_text(encoding="utf-8").splitlines()
        for function in functions(tree):
            for node in ast.walk(function):
                if (
                    isinstance(node, ast.Import | ast.ImportFrom)
                    and "PLC0415 -" not in lines[node.lineno - 1]
                ):
                    hidden.append(f"{relative(path)}:{node.lineno}")
    none_of(hidden)


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "HACK"])
def test_nothing_is_left_for_later(word):
    none_of(path for path in text_files() if word in path.read_text(encoding="utf-8"))
