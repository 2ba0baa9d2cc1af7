"""The mystery customer of agents who were converted long ago: two days ago, part of it for people to mark."""

from __future__ import annotations

from datetime import timedelta

from cstrain.demo import words
from cstrain.demo.answering import HOLDER, SEED_BITS, send
from cstrain.demo.basics import points_for
from cstrain.demo.stage import Road
from cstrain.demo.world import World
from cstrain.exams import queries as exams
from cstrain.exams import service as sitting_service
from cstrain.grading.written import queries as written
from cstrain.grading.written import service as marking
from cstrain.kernel.ids import SittingId
from cstrain.questions.queries import keyed_versions
from cstrain.questions.question_type import question_types

PAPER = "mystery-customer"
TRAINER, MARKER = "HM009", "HM029"
_PEOPLE = ("HM014", "HM015", "HM021", "HM022")
_MINUTES, _MARK = 14, 85


def mystery_customers(world: World) -> Road:
    """The trainer arranged it; yesterday one chat was marked, the others wait for a marker."""
    day = world.working_day("HR", world.today, 2)
    at, opens = world.at(day - timedelta(days=1), 11), world.at(day, 10)
    yield at
    sitting = sitting_service.schedule(
        world.one(TRAINER),
        at,
        paper_ref=PAPER,
        kind="exam",
        subject="arranged",
        people=world.some(_PEOPLE),
        opens_at=opens,
        closes_at=opens + timedelta(hours=1),
    )
    yield opens
    for number, staff_no in enumerate(_PEOPLE):
        _sit(world, staff_no, sitting, number)
    at = world.at(world.working_day("HR", world.today, 1), 15)
    yield at
    _mark_one(world)


def _sit(world: World, staff_no: str, sitting: SittingId, number: int) -> None:
    """Chat along the best way; every other one says something that one does not say."""
    person, rng = world.one(staff_no), world.chance(PAPER, staff_no)
    at = exams.sitting(sitting).opens_at + timedelta(minutes=number)
    attempt = sitting_service.start(person, sitting, at, HOLDER, seed=rng.getrandbits(SEED_BITS))
    (slot,) = exams.markable_slots(attempt)
    version = keyed_versions([slot.version_id])[slot.version_id]
    samples = question_types().get(version.type).samples(version.content, version.key)
    best, _too_slow, *rude = [sample.response for sample in samples if sample.fraction is None]
    chat = rude[0] if rude and number % 2 else best
    send(person, attempt, at, _MINUTES, [(slot.slot, chat)])
    sitting_service.submit(person, attempt, f"demo-{attempt}", at + timedelta(minutes=_MINUTES))


def _mark_one(world: World) -> None:
    marker, now = world.one(MARKER), world.at(world.working_day("HR", world.today, 1), 15)
    key = next(queue.key for queue in written.queues(marker, now) if queue.key.paper_ref == PAPER)
    mark_id = marking.take(marker, now, key)
    if mark_id is not None:
        points = points_for(written.sheet(mark_id, marker, now).rubric, _MARK)
        marking.finish(marker, now, mark_id, points, words.CHAT_NOTE)
