"""Banks for tests: written as YAML, brought in by the product's own loader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.conftest import START
from tests.questions.makers import fields, write_bank

KINDS = ("single_choice", "multiple_choice", "true_false", "fill_in", "number")


def some_questions() -> list[dict[str, Any]]:
    """Return one question of each type, with refs ``t-<type>-001``."""
    return [fields(kind) for kind in KINDS]


def load_bank(folder: Path, questions: list[dict[str, Any]] | None = None, **head: Any) -> Path:
    """Write a bank of one topic (named after its folder) and bring it in (commits); return its folder."""
    from cstrain.questions.service import load_banks
    from cstrain.unit_of_work import unit_of_work

    write_bank(folder, some_questions() if questions is None else questions, **head)
    with unit_of_work():
        load_banks(START, folder)
    return folder


def load_shipped_banks() -> None:
    """Bring in everything that travels with the product: lessons, banks and papers (commits)."""
    from cstrain.exams.service.papers import load_papers
    from cstrain.lessons.service import load_shipped
    from cstrain.questions.service import load_banks
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        load_shipped(START)
        load_banks(START)
        load_papers(START)
