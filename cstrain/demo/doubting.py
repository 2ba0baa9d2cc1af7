"""Questions that readers say are wrong: one mended, one that stays as it is, two that wait for an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from cstrain.demo.answering import SEED_BITS, offers
from cstrain.demo.stage import Road
from cstrain.demo.world import World
from cstrain.exams.facts import MarkableSlot
from cstrain.grading.practice import queries as practice
from cstrain.grading.practice import service as practising
from cstrain.grading.queries import scores_of, slot_results
from cstrain.kernel.ids import PersonId
from cstrain.questions.authoring import queries as authoring
from cstrain.questions.authoring import service as writing
from cstrain.questions.authoring.facts import Writing
from cstrain.questions.queries import keyed_versions, version_lines
from cstrain.questions.reports import queries as filed
from cstrain.questions.reports import service as reports

_TRAINER, _HEAD, _PLACE = "HM009", "HM006", "SQ1"
_BANK, _TOPIC, _COUNT = "daily", "day-9", 20
_PAPER = "exam-day-6"
_AUTHOR, _OTHER = "HM041", "HM042"


class _Doubt(NamedTuple):
    """What somebody says is wrong with a question, and what they were answered."""

    ref: str
    kind: str
    text: str
    answer: str = ""


_MENDED = _Doubt(
    "daily-d9-016",
    "unclear",
    "题干只说“每款按要求记全”，没写每款要记几条，要翻课文才知道是三个卖点加一个使用限制。",
    "题干已补上“三个卖点、一个使用限制”，主管审过，新版现在就用。",
)
_STAYS = _Doubt(
    "daily-d9-009",
    "key",
    "室友报得出顾客姓名和手机后四位，我觉得可以核对门牌，不用再等顾客看旺旺。",
    "课文写明：接电话的不是收货人，只请他转告，不向他核对订单。报得出后四位也一样。",
)
_WAITS = _Doubt("daily-d9-015", "key", "我填的是“收件地址”，和“收货地址”一个意思，判成错了。请把它也算对。")
_SEEN = _Doubt(
    "", "unclear", "这道题有两个选项我在课文里都找得到依据，题干没说问的是哪一种情况，请看看要不要写明。"
)
_VAGUE, _CLEAR = "每款按要求记全。", "每款记三个卖点、一个使用限制。"
_TYPED = {"daily-d9-015": ["收件地址"]}
"""What is typed where the story needs a certain answer."""
_WRONG = frozenset({"daily-d9-009", "daily-d9-016"})


def doubts(world: World) -> list[Road]:
    """Return the roads: a learner whose reports were answered, one who waits, one about a released exam."""
    return [_answered(world), _waiting(world), _of_a_result(world)]


def _answered(world: World) -> Road:
    """Reported from practice: one question is mended and reviewed, the other stays; both are answered."""
    at = world.at(world.working_day(_PLACE, world.today, 6), 17, 58)
    yield at
    if _AUTHOR not in world.people:
        return
    author, trainer = world.one(_AUTHOR), world.one(_TRAINER)
    versions = _practise(world, author, at)
    for doubt in (_MENDED, _STAYS):
        reports.report(author, at, versions[doubt.ref], doubt.kind, doubt.text)
    day = world.working_day(_PLACE, world.today, 5)
    at = world.at(day, 10)
    yield at
    draft = writing.revise(_BANK, _MENDED.ref, trainer, at)
    writing.save(draft.id, draft.revision, _clearer(draft.id), trainer, at)
    writing.submit(draft.id, trainer, at)
    at = world.at(day, 15, 30)
    yield at
    writing.accept([draft.id], world.one(_HEAD), at)
    at = world.at(day, 16)
    yield at
    _say(trainer, at, versions, _MENDED, "change")
    _say(trainer, at, versions, _STAYS, "right")


def _say(trainer: PersonId, at: datetime, versions: Mapping[str, int], doubt: _Doubt, verdict: str) -> None:
    version = versions[doubt.ref]
    question = version_lines([version])[version].id
    waiting = [one.id for one in filed.reports_about(question) if one.answer is None]
    reports.answer(trainer, at, question, waiting, verdict, doubt.answer)


def _clearer(draft: int) -> Writing:
    """Return the question with a stem that says what is to be counted."""
    held = authoring.draft_sheet(draft).writing
    stem = str(held.fields["stem"])
    if _VAGUE not in stem:
        raise LookupError(f"{_MENDED.ref} does not say what the story mends")
    fields = {**held.fields, "stem": stem.replace(_VAGUE, _CLEAR)}
    return Writing(fields, held.topic, held.tags, held.rule_version, "按纠错补全题干")


def _waiting(world: World) -> Road:
    at = world.at(world.working_day(_PLACE, world.today, 1), 17, 58)
    yield at
    if _OTHER in world.people:
        versions = _practise(world, world.one(_OTHER), at)
        reports.report(world.one(_OTHER), at, versions[_WAITS.ref], _WAITS.kind, _WAITS.text)


def _of_a_result(world: World) -> Road:
    """The learner looks at a failed exam again and doubts the first question with nothing earned."""
    at = world.at(world.working_day(_PLACE, world.today, 1), 18, 10)
    yield at
    if _AUTHOR not in world.people:
        return
    author = world.one(_AUTHOR)
    for score in scores_of(author, at):
        if score.attempt.paper.ref == _PAPER:
            wrong = next(one for one in slot_results(score.attempt.id, at) if not one.earned)
            reports.report(author, at, wrong.version_id, _SEEN.kind, _SEEN.text)
            return


def _practise(world: World, person: PersonId, at: datetime) -> dict[str, int]:
    """Practise a day's questions, with some answers wrong; return the versions asked by ref."""
    rng = world.chance("practice", person)
    run = practising.draw(person, at, _BANK, [_TOPIC], _COUNT, rng.getrandbits(SEED_BITS))
    asked = [
        practice.question_at(run, place) for place in range(1, practice.practice_set(person, run).count + 1)
    ]
    lines = version_lines([each.version_id for each in asked])
    versions = keyed_versions(list(lines))
    for each in asked:
        ref = lines[each.version_id].ref
        slot = MarkableSlot(each.place, each.version_id, Decimal(1), tuple(each.option_order), None)
        found = offers(slot, versions[each.version_id], rng, partial=False)
        value = _TYPED.get(ref, found[1 if ref in _WRONG else 0].value)
        practising.answer(person, at, run, each.place, json.dumps(value, ensure_ascii=False))
    return {line.ref: version for version, line in lines.items()}
