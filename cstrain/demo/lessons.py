"""A page that the trainer wrote herself, with a picture: read, changed, and read again by some."""

from __future__ import annotations

import io
from datetime import datetime

from PIL import Image, ImageDraw

from cstrain.demo.stage import Road
from cstrain.demo.world import World
from cstrain.kernel.ids import PersonId
from cstrain.lessons.authoring import service
from cstrain.lessons.authoring.facts import Content
from cstrain.lessons.service import confirm_read, open_lesson
from cstrain.media.service import keep_picture

_TRAINER, _PLACE = "HM009", "SQ1"
_READERS = ("HM014", "HM021", "HM022", "HM023")
_AGAIN, _OPENED = "HM014", "HM022"
_HOURS, _HOUR = 24, 40
_SHIFTS = (("#9ec5e8", 8.5, 17), ("#1f4e8c", 15.5, 24), ("#c0562f", 23, 24))
"""Colour, from and until which hour: early shift, late shift, the hour in which the hand-over is written."""
_TEXT = """大促期间晚班的会话最多，交接写不清，第二天早班就要让顾客从头讲一遍。这一页说清交接怎么写。

## 交接时间

晚班23:00起写交接，{until}前交给值班组长。下图浅色是早班，深色是晚班，橙色是写交接的时间。

![早班、晚班和写交接的时间]({picture})

## 交接写什么

- 没有答完的会话：顾客要什么，答到哪一步，还差什么。
- 答应过的时间：几点前回复谁，为什么。
- 异常订单：订单号和已经登记的编号，不写顾客的姓名和电话。

> **客服**：这位顾客等补发单号，我答应明早10:00前回复。
> **师傅**：登记编号也写上，早班好接着查。

## 交接后

早班上岗先看交接，再接新会话。看完在交接单上写“已看”。
"""


def lessons(world: World) -> Road:
    """Write a handbook page, have it read, publish a second version, and have it read again by one."""
    trainer = world.one(_TRAINER)
    at = world.at(world.working_day(_PLACE, world.today, 12), 15)
    yield at
    picture = keep_picture(_shifts(), "班次.png", trainer, at)
    ref = service.begin(trainer, at, _page(picture.url, "23:30"))
    service.publish(trainer, at, ref, 1, "新写的")
    at = world.at(world.working_day(_PLACE, world.today, 10), 11)
    yield at
    for number in _READERS:
        _read(world.one(number), ref, at, confirms=number != _OPENED)
    at = world.at(world.working_day(_PLACE, world.today, 4), 16)
    yield at
    service.keep_draft(trainer, at, ref, _page(picture.url, "23:45"), 0)
    service.publish(trainer, at, ref, 1, "交接改到23:45前")
    at = world.at(world.working_day(_PLACE, world.today, 2), 9)
    yield at
    _read(world.one(_AGAIN), ref, at, confirms=True)


def _page(picture: str, until: str) -> Content:
    body = _TEXT.format(picture=picture, until=until)
    return Content("大促期间的晚班交接", "handbook", None, "大促手册", body)


def _read(person: PersonId, ref: str, at: datetime, *, confirms: bool) -> None:
    open_lesson(person, ref, at)
    if confirms:
        confirm_read(person, ref, at)


def _shifts() -> bytes:
    """Draw a day of twenty-four hours with the shifts in it."""
    picture = Image.new("RGB", (_HOURS * _HOUR, 5 * _HOUR), "white")
    pen = ImageDraw.Draw(picture)
    for hour in range(0, _HOURS + 1, 2):
        pen.line([(hour * _HOUR, 0), (hour * _HOUR, 5 * _HOUR)], fill="#d8d8d4")
    for row, (colour, start, end) in enumerate(_SHIFTS):
        top = (row * 1.5 + 0.4) * _HOUR
        pen.rectangle([(start * _HOUR, top), (end * _HOUR, top + _HOUR)], fill=colour)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
