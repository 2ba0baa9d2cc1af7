"""A rule that changed after people were examined in it; the company's own questions, written and imported."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from cstrain.demo.stage import Road
from cstrain.demo.world import World
from cstrain.kernel.ids import PersonId
from cstrain.lessons.authoring import queries as pages
from cstrain.lessons.authoring import service as lessons
from cstrain.lessons.service import confirm_read, open_lesson
from cstrain.questions.authoring import service as writing
from cstrain.questions.authoring.facts import Writing
from cstrain.questions.authoring.service import NewBank
from cstrain.questions.facts import JsonObject
from cstrain.questions.intake import service as intake
from cstrain.questions.intake.facts import Upload

_TRAINER, _HEAD, _PLACE = "HM009", "HM006", "SQ1"

_LESSON = "rules-returns"
_OLD = "赠品要一并退回；退不回的，按事先标明的价格折算。"
_NEW = "标价不超过10元的赠品不用退。超过10元的要一并退回；退不回的，按事先标明的价格折算。"
_LAST = "- 补偿：10元客服、30元组长、100元主管。"
_POINT = "- 标价不超过10元的赠品不用退。\n"
_NOTE = "标价不超过10元的赠品不用退"
_READERS = ("HM009", "HM014", "HM022", "HM036", "HM041")
"""They read the rule as it was. It changes on the evening before today, after the last exam in it."""

_BANK = NewBank("sq1-own", "售前客服一部自编题", "组里早会和周测用的题，写完由主管审核")
_SOURCE = "rules-returns#不适用的商品"


def revisions(world: World) -> list[Road]:
    """Return the roads: a lesson gets a new version; a bank is made, filled and reviewed in part."""
    return [_rule(world), _own_bank(world), _import(world)]


def _rule(world: World) -> Road:
    at = world.at(world.working_day(_PLACE, world.today, 9), 9, 30)
    yield at
    for number in _READERS:
        if number in world.people:
            open_lesson(world.one(number), _LESSON, at)
            confirm_read(world.one(number), _LESSON, at)
    at = world.at(world.working_day(_PLACE, world.today, 1), 18, 40)
    yield at
    trainer = world.one(_TRAINER)
    present = pages.editable(pages.work(_LESSON))
    if _OLD not in present.body or _LAST not in present.body:
        raise LookupError(f"{_LESSON} does not say what the story changes")
    body = present.body.replace(_OLD, _NEW).replace(_LAST, _POINT + _LAST)
    lessons.keep_draft(trainer, at, _LESSON, replace(present, body=body), 0)
    lessons.publish(trainer, at, _LESSON, 1, _NOTE)


def _own_bank(world: World) -> Road:
    """Two questions are in use, all but the same as one another; a third waits for the head's review."""
    at = world.at(world.working_day(_PLACE, world.today, 4), 10, 30)
    yield at
    trainer = world.one(_TRAINER)
    writing.make_bank(_BANK, trainer)
    topic = writing.add_topic(_BANK.name, "退货", "", trainer).ref
    drafts = [_write(_question(stem), topic, trainer, at) for stem in _STEMS]
    at = world.at(world.working_day(_PLACE, world.today, 3), 17)
    yield at
    writing.accept(drafts, world.one(_HEAD), at)
    at = world.at(world.working_day(_PLACE, world.today, 1), 16, 20)
    yield at
    _write(_WAITING, topic, trainer, at)


def _import(world: World) -> Road:
    """A file is uploaded; it is looked at as soon as the company is served, and waits to be confirmed."""
    at = world.at(world.working_day(_PLACE, world.today, 1), 17, 20)
    yield at
    rows = "\n".join((_HEADINGS, *_ROWS))
    file = Upload(_BANK.name, "", "售后周测题.csv", rows.encode())
    intake.upload(file, world.one(_TRAINER), "", at)


def _write(fields: JsonObject, topic: str, trainer: PersonId, at: datetime) -> int:
    """Write a question of the own bank and hand it in; return the draft."""
    draft = writing.start(_BANK.name, Writing(fields, topic, ("早会",)), trainer, at)
    writing.submit(draft.id, trainer, at)
    return draft.id


_STEMS = (
    "顾客按自己窗户的尺寸定做了窗帘，收到后说颜色不喜欢，要七日无理由退货。怎么答复？",
    "顾客按自家窗户的尺寸定做了窗帘，签收后说颜色不喜欢，想七日无理由退货。怎么答复？",
)


_OPTIONS = (
    "可以退，签收没满七天",
    "说明定制品不适用无理由退货，有质量问题照样退换",
    "可以退，但要扣一半货款作手工费",
    "请他去找厂家，店铺不管定制品",
)


def _question(stem: str) -> JsonObject:
    return {
        "type": "single_choice",
        "difficulty": 2,
        "situation": True,
        "stem": stem,
        "options": list(_OPTIONS),
        "answer": ["B"],
        "explanation": "定制窗帘不适用七日无理由退货；例外只管“无理由”，有质量问题照样退换。",
        "source": _SOURCE,
    }


_WAITING: JsonObject = {
    "type": "true_false",
    "difficulty": 1,
    "stem": "一次性用品没有拆封的，适用七日无理由退货。",
    "answer": True,
    "explanation": "例外只有已拆封、并经顾客在购买页确认过的一次性用品；没拆封的照退。",
    "source": _SOURCE,
}

_HEADINGS = "题型,题干,选项A,选项B,选项C,选项D,答案,解析,难度,知识点"
_ROWS = (
    "单选题,小家电签收第20天不通电，顾客要退。怎么答复？,可以直接退换,先修两次再说,只能换不能退,过了七天不管,A,"
    "头30天内出故障，顾客可以直接退换。,中等,退货",
    "判断题,特价商品不适用七日无理由退货。,,,,,错,店铺自己写“特价不退”没有效力。,容易,退货",
    "填空题,本店承诺验收后____小时内退款。,,,,,48,收到退货后7日内是法律的要求，48小时是本店的承诺。,容易,退款",
    f"单选题,{_STEMS[0]},{','.join(_OPTIONS)},B,定制窗帘不适用七日无理由退货。,中等,退货",
    "单选题,无理由退货的运费由谁承担？,顾客,店铺,平台,快递公司,E,没有运费险的由顾客承担。,容易,退款",
)
"""Three that can be brought in, one that the bank has already, one whose answer is no option."""
