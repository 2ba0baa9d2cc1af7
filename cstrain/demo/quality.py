"""Two weeks of chats at the demo company: imported, drawn, rated, the first week published and contested."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from cstrain.demo.stage import Road
from cstrain.demo.world import World
from cstrain.documents.tables import write_csv
from cstrain.extensions import local_date
from cstrain.performance.quality import queries, service
from cstrain.performance.quality.facts import Side

QC, LEAD = "HM010", "HM029"
AGENTS = ("HM022", "HM023", "HM024", "HM025")
_HEAD = ("会话编号", "客服工号", "渠道", "顾客", "贵宾", "说话人", "时间", "内容")
_CUSTOMERS = ("小河流水", "tb_riverside88", "木木妈妈", "阿杰", "秋天的风", "lin_0921")
_TALKS: tuple[tuple[str, ...], ...] = (
    (
        "你好，1.8米的北欧沙发还有货吗",
        "您好，欢迎光临。灰色和米白都有现货，您要哪一种？",
        "灰色，送到杭州要几天",
        "今天16点前下单，明天发出，杭州一般两天到，送货前会电话联系您。还有别的需要吗？",
        "没有了，谢谢",
        "不客气，祝您生活愉快。",
    ),
    (
        "我的餐桌少了一包螺丝",
        "很抱歉给您添麻烦了。方便发一张配件袋的照片吗？我马上为您补寄。",
        "好的，照片发了",
        "收到，今天17点前补寄，快递单号会发短信给您。地址还是订单上的，对吗？",
        "对的",
    ),
    (
        "怎么还没发货，都三天了",
        "您好",
        "在吗",
        "在的，我看一下",
        "到底什么时候发",
        "仓库在处理，尽快。",
    ),
    (
        "想改一下收货电话，改成13812345678",
        "好的，为了安全，请您报一下订单里的收货人姓名。",
        "李河",
        "核对好了，已改成尾号5678的号码，今天发货按新号码联系。",
        "谢谢",
        "不客气，还有别的需要随时找我。",
    ),
    (
        "床垫能不能便宜点",
        "现在满2000减150，您这款2199元，可以直接用。",
        "再少50行不行",
        "价格已经是活动价了，我可以给您申请一对枕头，今天下单有效。",
        "可以，下单了",
    ),
)
_SLOW = 2
"""The talk that was handled badly: marks below half."""


def quality(world: World) -> Road:
    """From the Monday of last week on: each morning the day before is imported and drawn; QC rates it."""
    monday = world.today - timedelta(days=world.today.weekday() + 7)
    contested = False
    for offset in range((world.today - monday).days):
        day = monday + timedelta(days=offset)
        at = world.at(day + timedelta(days=1), 8, 2)
        yield at
        _bring_in(world, at, day)
        if day.weekday() == 6:
            yield (at := world.at(day + timedelta(days=1), 10, 20))
            _rate(world, at, monday)
            yield (at := world.at(day + timedelta(days=1), 15, 30))
            service.publish(world.one(LEAD), at, monday, gaps_seen=True)
        elif day >= monday + timedelta(days=8) and not contested:
            yield (at := world.at(day + timedelta(days=1), 8, 8))
            contested = _contest(world, at)


def _bring_in(world: World, at: datetime, day: date) -> None:
    """Import the chats of a day, and draw it."""
    rows = [row for number in AGENTS for row in _chats(world, number, day)]
    if not rows:
        return
    actor = world.one(QC)
    batch = service.upload_chats(actor, at, write_csv([_HEAD, *rows]), f"会话{day:%m%d}.csv")
    service.confirm_chats(actor, at, batch)
    for one in queries.undrawn(day):
        seed = f"{world.chance('draw', one.person_id, one.day).getrandbits(128):032x}"
        service.draw(None, at, one.person_id, one.day, seed)


def _chats(world: World, number: str, day: date) -> Iterator[tuple[str, ...]]:
    chance = world.chance("chats", number, day)
    if day.weekday() == 6 or chance.random() < 0.2:
        return
    for n in range(chance.randint(3, 7)):
        talk = chance.randrange(len(_TALKS))
        begun = world.at(day, 9 + n, chance.randrange(50))
        usual = (f"{day:%y%m%d}-{number}-{n}", number, "旺旺", chance.choice(_CUSTOMERS), "否")
        for place, text in enumerate(_TALKS[talk]):
            begun += timedelta(seconds=chance.randint(60, 200) if talk == _SLOW else chance.randint(6, 30))
            speaker = "客服" if place % 2 else "顾客"
            yield (*usual, speaker, f"{begun:%Y-%m-%d %H:%M:%S}", text)


def _rate(world: World, at: datetime, monday: date) -> None:
    """QC rates what was drawn of a week; one VIP chat stays without a rating."""
    rater = world.one(QC)
    for side in Side:
        waiting = sum(
            one.waiting for one in queries.queues(rater, at) if (one.week, one.side) == (monday, side)
        )
        for _ in range(waiting - (side is Side.VIP)):
            rating = service.take(rater, at, monday, side)
            if rating is not None:
                _finish(world, at, rating)


def _finish(world: World, at: datetime, rating: int) -> None:
    rater = world.one(QC)
    sheet = queries.sheet(rating, rater, at)
    chance = world.chance("rating", sheet.chat.code)
    slow = sheet.chat.lines[0].text == _TALKS[_SLOW][0]
    low, high = (2, 10) if slow else (15, 20)
    points = {
        each.id: Decimal(each.of * chance.randint(low, high) // 10) / 2 for each in sheet.rubric.criteria
    }
    note = "没有问清需求，也没说几点回复。" if slow else "流程完整，结束前记得问还有没有别的需要。"
    service.finish(rater, at, rating, points, note)


def _contest(world: World, at: datetime) -> bool:
    """An agent contests the lowest of their published ratings."""
    agent = world.one(AGENTS[0])
    lines, _total = queries.published_lines(agent)
    if not lines:
        return False
    lowest = min(lines, key=lambda one: one.share)
    if local_date(at) > queries.rated_chat(agent, lowest.rating_id).contest_until:
        return False
    words = "顾客催的时候仓库系统停了半小时，我查不到发货时间，当时已经在群里报了。"
    service.reply(agent, at, lowest.rating_id, "contest", words)
    return True
