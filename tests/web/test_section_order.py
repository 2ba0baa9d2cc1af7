"""The sections that somebody works in every day stand where they are seen without a menu."""

from __future__ import annotations

import re

import pytest

from tests.factories.people import make_person


@pytest.mark.parametrize(
    ("role", "first"),
    [("trainer", ["今天", "题库", "资料"]), ("supervisor", ["今天", "看板", "考试"])],
)
def test_duties_come_right_behind_the_first_section(app, client, role: str, first: list[str]) -> None:
    with app.app_context():
        person = make_person("某人", roles=[role])
    shown = client.log_in_as(person).get("/")
    bar = re.search('<nav class="nav".*?<details', shown, re.DOTALL)
    labels = re.findall("<span>([^<]+)</span>", bar[0] if bar else "")
    assert labels[: len(first)] == first
    assert len(labels) == len(set(labels)) == 7
