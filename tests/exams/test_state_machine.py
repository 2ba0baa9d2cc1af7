"""Random faults against the player's calls: no answer lost, none silently overwritten, no false "saved".

Goals R5, R6 and R7. ``benchmarks/state_machine.py`` runs the same machine for as long as it is told.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cstrain.exams import service
from cstrain.exams.invigilation import service as invigilation
from cstrain.kernel.errors import ConflictError
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.exams.delivery_truth import check, settle
from tests.exams.model_desk import Desk, Fault, Reply
from tests.exams.model_player import Tab
from tests.factories import exams as make
from tests.factories.people import make_person

pytestmark = [pytest.mark.both_databases, pytest.mark.slow]

EXAMPLES, STEPS = 12, 40
MOST_TABS = 4
SLOTS = 3
_numbers = itertools.count(1)

some_slot = st.integers(1, SLOTS)
some_tab = st.integers(0, MOST_TABS - 1)
some_fault = st.sampled_from([Fault.NONE] * 6 + list(Fault))


class Hall:
    """Where desks are made: the application, its clock, a paper, somebody else."""

    def __init__(self, app: Any, clock: Any) -> None:
        self.app, self.clock = app, clock
        self.steps = 0
        with app.app_context():
            make.make_bank(each=3)
            make.make_paper(sections=[_section()])
            self.other = make_person("别人")

    def desk(self, tab: type[Tab] = Tab) -> Desk:
        """Seat somebody at an attempt of thirty minutes."""
        self.clock.set(START)
        with self.app.app_context():
            person = make_person("林晓雯")
            sitting = make.make_sitting([person], subject=f"machine:{next(_numbers)}")
            attempt = make.make_attempt(person, sitting)
            with unit_of_work():
                service.take_lease(person, attempt, START, "", force=True)
        return Desk(self.app, self.clock, person, attempt, tab)


def _section() -> dict[str, Any]:
    cells = [{"topics": ["basics"], "types": [kind], "count": 1} for kind in make.KINDS[:4]]
    return {"title": "全部", "marks": 25, "cells": cells}


def machine_of(hall: Hall, page: type[Tab] = Tab) -> type[RuleBasedStateMachine]:
    """Return the state machine at this hall; ``page`` is the kind of page that sits there."""

    class Delivery(RuleBasedStateMachine):
        """One candidate, some devices, and everything that may go wrong between them and the server."""

        @initialize()
        def sit_down(self) -> None:
            self.desk = hall.desk(page)
            self.desk.open(self.desk.device())

        def tab(self, index: int) -> Tab:
            if not self.desk.tabs:  # the last page could not be loaded: the candidate comes back
                device = self.desk.devices[0]
                device.online = True
                device.client.log_in_as(self.desk.person)
                self.desk.open(device)
            return self.desk.tabs[index % len(self.desk.tabs)]

        @rule(tab=some_tab, slot=some_slot, fault=some_fault)
        def answer(self, tab: int, slot: int, fault: Fault) -> None:
            self.tab(tab).answer(slot, self.desk.fresh_value(), fault)

        @rule(tab=some_tab, slot=some_slot, fault=some_fault)
        def clear(self, tab: int, slot: int, fault: Fault) -> None:
            self.tab(tab).answer(slot, self.desk.fresh_value(blank=True), fault)

        @rule(tab=some_tab)
        def go_offline(self, tab: int) -> None:
            self.tab(tab).device.online = False

        @rule(tab=some_tab)
        def come_back(self, tab: int) -> None:
            page = self.tab(tab)
            page.device.online = True
            page.beat()

        @rule(tab=some_tab)
        def answer_of_the_server_lands(self, tab: int) -> None:
            self.tab(tab).land()

        @rule(which=st.integers(0, 5))
        def late_request_arrives(self, which: int) -> None:
            if self.desk.limbo:
                self.desk.limbo.pop(which % len(self.desk.limbo))()

        @rule(tab=some_tab)
        def heart_beats(self, tab: int) -> None:
            self.tab(tab).beat()

        @rule(tab=some_tab, fault=some_fault)
        def reload(self, tab: int, fault: Fault) -> None:
            page = self.tab(tab)
            page.farewell(fault)
            self.desk.close(page)
            self.desk.open(page.device, page.holder)

        @rule(tab=some_tab)
        def crash_and_open_again(self, tab: int) -> None:
            page = self.tab(tab)
            self.desk.close(page)
            self.desk.open(page.device)

        @rule(tab=some_tab)
        def copy_the_tab(self, tab: int) -> None:
            if len(self.desk.tabs) < MOST_TABS:
                page = self.tab(tab)
                self.desk.open(page.device, page.holder)

        @rule()
        def open_on_another_device(self) -> None:
            if len(self.desk.tabs) < MOST_TABS:
                self.desk.open(self.desk.device())

        @rule(tab=some_tab, mine=st.booleans(), fault=some_fault, aside=some_fault)
        def take_over(self, tab: int, mine: bool, fault: Fault, aside: Fault) -> None:
            self.tab(tab).take_over(mine, fault, aside)

        @rule(tab=some_tab)
        def session_ends(self, tab: int) -> None:
            with self.tab(tab).device.client.raw.session_transaction() as cookie:
                cookie.clear()

        @rule(tab=some_tab, stranger=st.booleans())
        def somebody_logs_in(self, tab: int, stranger: bool) -> None:
            page = self.tab(tab)
            page.device.client.log_in_as(hall.other if stranger else self.desk.person)
            page.beat()

        @rule(seconds=st.sampled_from([1, 20, 90, 400, 900]))
        def time_passes(self, seconds: int) -> None:
            hall.clock.move(timedelta(seconds=seconds))
            for page in list(self.desk.tabs):
                page.tick()

        @rule()
        def an_invigilator_pauses(self) -> None:
            self.as_invigilator(invigilation.pause, "停电")

        @rule()
        def an_invigilator_lets_go_on(self) -> None:
            self.as_invigilator(invigilation.resume)

        def as_invigilator(self, act: Any, *more: str) -> None:
            """Act on the attempt as somebody else, if it can be done now."""
            with hall.app.app_context(), suppress(ConflictError), unit_of_work():
                act(hall.other, hall.clock.now(), self.desk.attempt, *more)

        @rule(tab=some_tab, fault=some_fault, sure=st.integers(0, 3))
        def hand_in(self, tab: int, fault: Fault, sure: int) -> None:
            if sure == 0:
                self.tab(tab).begin(auto=False, fault=fault)

        @rule(tab=some_tab)
        def go_on_answering(self, tab: int) -> None:
            self.tab(tab).cancel()

        @rule()
        def the_hour_strikes(self) -> None:
            with hall.app.app_context():
                for attempt in service.expired_attempts(hall.clock.now()):
                    with unit_of_work():
                        service.close_expired(attempt, hall.clock.now())

        @invariant()
        def everything_holds(self) -> None:
            hall.steps += 1
            if hasattr(self, "desk"):
                check(self.desk)

        def teardown(self) -> None:
            if hasattr(self, "desk"):
                settle(self.desk)

    return Delivery


def run_machine(
    hall: Hall, number: int, examples: int, steps: int, page: type[Tab] = Tab, *, shrink: bool = True
) -> None:
    """Run so many examples of so many steps from this seed."""
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(seed(number)(machine_of(hall, page)), settings=how)


@pytest.fixture
def hall(app, clock) -> Hall:
    return Hall(app, clock)


def test_random_faults_lose_nothing_and_no_badge_lies(hall) -> None:
    run_machine(hall, 20261120, EXAMPLES, STEPS)
    assert hall.steps > EXAMPLES * STEPS / 2


# -- interleavings ------------------------------------------------------------------------------------------


def interleave(hall: Hall, number: int, acts: int = 8) -> int:
    """Two devices act in a random order; return how often a page lost the lease. Every loser was told."""
    chance = random.Random(number)
    desk = hall.desk()
    pages = [desk.open(desk.device()) for _ in range(2)]
    lost = 0
    for _ in range(acts):
        page = chance.choice(pages)
        if page.block == "stale":
            page.take_over(mine=chance.random() < 0.5)
        else:
            page.answer(chance.randint(1, SLOTS), desk.fresh_value(), chance.choice([Fault.NONE, Fault.DROP]))
        truth = check(desk)
        writers = [each for each in pages if each.lease == truth.epoch and each.holder == truth.holder]
        assert len(writers) <= 1
    for page in pages:
        page.beat()
        told = page.block == "stale"
        assert told or page.holder == check(desk).holder, "a loser was not told"
        lost += told
    settle(desk)
    return lost


def test_two_devices_in_any_order_overwrite_nothing_silently(hall) -> None:
    assert sum(interleave(hall, number) for number in range(25)) > 10


# -- the machine has teeth -----------------------------------------------------------------------------------


class EmptiesItsQueueFirst(Tab):
    """Forgets what it sends before the server has it (TAO's action store)."""

    def pump(self, fault: Fault = Fault.NONE) -> None:
        sent = [] if self.block or self.lease is None else self.waiting()
        super().pump(fault)
        self.forget([event.id for event in sent])


class CallsRestoredAnswersSaved(Tab):
    """Shows what the device kept and says it is saved (Artemis before 2026)."""

    def badge(self) -> str:
        return "saved" if self.given else super().badge()


class AsksNothing(Tab):
    """Sends what it holds over answers it never showed, as soon as it has the lease."""

    def unseen(self, lease: int, mine: bool | None, told: dict[int, str]) -> bool:
        return False


class LosesWhatItLaysAside(Tab):
    """Takes the server's answers and drops its own, whether or not they reached the log."""

    def trouble(self, reply: Reply) -> None:
        super().trouble(reply)
        if self.aside is not Fault.NONE:
            self.forget([event.id for event in self.queue()])


def a_lost_request(desk: Desk) -> None:
    desk.open(desk.device()).answer(1, "one", Fault.DROP)


def a_copy_that_is_older_than_what_was_saved(desk: Desk) -> None:
    device = desk.device()
    first = desk.open(device)
    first.answer(1, "one", Fault.DROP)
    copy = desk.open(device, first.holder)  # another tab: shows what waits on the device
    first.answer(1, "two")
    copy.take_over(mine=True)


def unsent_here_saved_there(desk: Desk) -> Tab:
    """A page whose answer did not get through before another device took over and gave its own."""
    here, there = desk.open(desk.device()), desk.open(desk.device())
    here.answer(1, "here", Fault.DROP)
    there.take_over(mine=True)
    there.answer(1, "there")
    here.ask()
    return here


def a_take_over_whose_answer_was_lost_and_a_reload(desk: Desk) -> None:
    here = unsent_here_saved_there(desk)
    here.take_over(mine=False, fault=Fault.LOSE)
    desk.close(here)
    desk.open(here.device, here.holder)


def an_answer_laid_aside_that_did_not_arrive(desk: Desk) -> None:
    unsent_here_saved_there(desk).take_over(mine=False, aside=Fault.DROP)


def play(scene: Callable[[Desk], object], desk: Desk) -> None:
    scene(desk)
    check(desk)
    settle(desk)


SCENES = [
    (EmptiesItsQueueFirst, a_lost_request),
    (CallsRestoredAnswersSaved, a_lost_request),
    (AsksNothing, a_copy_that_is_older_than_what_was_saved),
    (AsksNothing, a_take_over_whose_answer_was_lost_and_a_reload),
    (LosesWhatItLaysAside, an_answer_laid_aside_that_did_not_arrive),
]


@pytest.mark.parametrize(("page", "scene"), SCENES)
def test_a_page_with_a_known_fault_is_caught_and_ours_is_not(hall, page, scene) -> None:
    play(scene, hall.desk())
    faulty = hall.desk(page)
    with pytest.raises(AssertionError):
        play(scene, faulty)


def test_the_machine_finds_such_a_page_by_itself(hall) -> None:
    with pytest.raises(AssertionError):
        run_machine(hall, 7, 50, STEPS, EmptiesItsQueueFirst, shrink=False)
