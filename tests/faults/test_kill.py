"""Whatever was acknowledged survives ``kill -9`` of the server; the long run is in ``benchmarks/kill.py``."""

from __future__ import annotations

import pytest

from benchmarks.kill import run

KILLS = 10


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_no_acknowledged_answer_is_lost_when_the_server_is_killed(kind, request, tmp_path, capsys):
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'cstrain.db'}"
    else:
        databases = request.getfixturevalue("postgres_databases")
        made = databases.create()
        request.addfinalizer(lambda: databases.drop(made))
        url = made.render_as_string(hide_password=False)
    outcome = run(url, KILLS, tmp_path)
    with capsys.disabled():
        print(f"\n{kind}: {outcome}")
    assert outcome.acknowledged > 100  # a busy machine still shows enough
    assert (outcome.lost, outcome.stale) == (0, 0)
