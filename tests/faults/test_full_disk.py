"""PostgreSQL on a full disk: nothing is acknowledged that is not in, and what was refused is taken later."""

from __future__ import annotations

import http.client
import random
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from benchmarks.kill import Desk
from benchmarks.postmaster import Postmaster, postmaster
from tests.faults.test_processes import House, event_of, make_house, post
from tests.needs import skip_without
from tests.postgres import NoServerError

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
MIB = 2**20
ENOUGH, MOST = 10, 800


@pytest.fixture
def database() -> Iterator[Postmaster]:
    """A server whose files of the write-ahead log are of one MiB: small enough to be told from the tables."""
    try:
        with postmaster("--wal-segsize=1") as running:
            yield running
    except NoServerError as error:
        skip_without("postgres", str(error))


@pytest.fixture
def house(database: Postmaster, tmp_path: Path) -> Iterator[House]:
    """A sitting under way on that server."""
    house = make_house(database.url, tmp_path)
    house.server.start()
    yield house
    house.server.end(signal.SIGKILL)


def essay(desk: Desk, number: int) -> dict[str, Any]:
    """An answer of some kilobytes that cannot be compressed to nothing."""
    chance = random.Random(number)
    return event_of(desk, number) | {
        "value": "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(2000))
    }


def save_until_refused(house: House) -> tuple[list[str], list[dict[str, Any]]]:
    """Save until enough were refused; return the ids that were acknowledged and the events that were not."""
    desk = house.desks[0]
    acknowledged: list[str] = []
    refused: list[dict[str, Any]] = []
    for number in range(1, MOST):
        event = essay(desk, number)
        with suppress(OSError, http.client.HTTPException, ValueError):  # no answer, or none of ours
            told = post(house, desk, event)
            if told["status"] == 200:
                assert told["dispositions"] == {event["id"]: "accepted"}
                acknowledged.append(event["id"])
                continue
            assert told["status"] >= 500
        refused.append(event)
        if len(refused) == ENOUGH:
            break
    return acknowledged, refused


@pytest.mark.parametrize("what", ["a table", "the write-ahead log"])
def test_a_full_disk_of_postgresql_acknowledges_nothing_and_goes_on_when_there_is_room(
    database, house, what
) -> None:
    database.limit_files(MIB + MIB // 8 if what == "a table" else MIB // 2)
    acknowledged, refused = save_until_refused(house)
    assert len(refused) == ENOUGH
    database.limit_files()  # somebody made room
    database.start()  # it gives up where its log has no room
    told = post(house, house.desks[0], refused[-1])
    assert told["status"] == 200 and told["dispositions"] == {refused[-1]["id"]: "accepted"}
    logged = house.logged()
    assert set(acknowledged) < set(logged) and len(set(logged)) == len(logged)
    assert len(logged) <= len(acknowledged) + len(refused)
