"""Answering whatever stands in a form, with the mouse and the keyboard, as its control asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.browser.player import goto, until

_MOST_TURNS = 20
_WRITTEN = "先核对顾客的情况，再说明能办什么、什么时候办好，办完回访并记录。" * 4


def right_answers(attempt: int) -> dict[int, Any]:
    """Return for each slot a response that earns everything, in the attempt's own option ids; ``None``:
    people must mark it.
    """
    from cstrain.exams.queries import markable_slots
    from cstrain.questions.queries import keyed_versions

    slots = markable_slots(attempt)
    versions = keyed_versions([slot.version_id for slot in slots])
    found = {}
    for slot in slots:
        version = versions[slot.version_id]
        best = _best(version.type, version.content, version.key)
        found[slot.slot] = _as_places(best, slot.option_order)
    return found


def _best(kind: str, content: Mapping[str, Any], key: Mapping[str, Any]) -> Any:
    """Return a response that earns everything; of a case, those of the parts that the machine marks."""
    from cstrain.questions.question_type import question_types

    if kind == "case":
        parts = enumerate(zip(content["parts"], key["parts"], strict=True))
        return {str(at): _best(told["type"], told["content"], hidden["key"]) for at, (told, hidden) in parts}
    samples = question_types().get(kind).samples(content, key)
    return next((one.response for one in samples if one.fraction == 1), None)


def _as_places(value: object, order: tuple[int, ...]) -> object:
    if isinstance(value, list):
        return [_as_places(item, order) for item in value]
    if isinstance(value, dict):
        return {key: _as_places(item, order) for key, item in value.items()}
    if order and isinstance(value, str) and value.isdecimal():
        return str(order.index(int(value)))
    return value


def answer_form(page: Any, right: Mapping[int, Any]) -> None:
    """Answer every question of the open player, with the right responses where there are some."""
    for form in page.locator("form[data-slot]").all():
        slot = int(form.get_attribute("data-slot"))
        goto(page, slot)
        answer(page, form, form.get_attribute("data-control"), right.get(slot))


def answer(page: Any, place: Any, control: str, value: Any) -> None:
    """Answer in ``place``, which holds one control."""
    _CONTROLS[control](page, place, value)


def _pick_one(_page: Any, place: Any, value: Any) -> None:
    place.locator(".opt").nth(int(value or 0)).click()


def _pick_some(_page: Any, place: Any, value: Any) -> None:
    for each in value or ["0"]:
        place.locator(".opt").nth(int(each)).click()


def _pick_truth(_page: Any, place: Any, value: Any) -> None:
    place.locator(".opt").nth(1 if value is False else 0).click()


def _fill(_page: Any, place: Any, value: Any) -> None:
    texts = value if isinstance(value, list) else [value]
    for number, text in enumerate(texts):
        place.locator("input.input").nth(number).fill(str(text or "42"))


def _match(_page: Any, place: Any, value: Any) -> None:
    for select in place.locator("select").all():
        chosen = (value or {}).get(select.get_attribute("data-left"))
        select.select_option(value=chosen) if chosen else select.select_option(index=1)


def _order(_page: Any, place: Any, value: Any) -> None:
    for at, item in enumerate(value or []):
        while place.locator("[data-item]").nth(at).get_attribute("data-item") != item:
            place.locator(f"[data-item='{item}'] [data-move='-1']").click()
    place.locator("[data-settle]").click()


def _write(_page: Any, place: Any, _value: Any) -> None:
    place.locator("textarea").fill(_WRITTEN)


def _parts(page: Any, place: Any, value: Any) -> None:
    for number, part in enumerate(place.locator("[data-part]").all()):
        answer(page, part, part.get_attribute("data-control"), (value or {}).get(str(number)))


def _type(page: Any, place: Any, _value: Any) -> None:
    place.locator("[data-begin]").click()
    until(page, "[data-said]", "开始计时")
    lines = place.locator(".typing-line").all_inner_texts()
    page.keyboard.insert_text("".join(lines)[:60])
    page.wait_for_timeout(1200)
    place.locator("[data-done]").click()


def _be_ready(_page: Any, place: Any, _value: Any) -> None:
    place.locator("[data-ready]").check()


def _operate(_page: Any, place: Any, value: Any) -> None:
    for _at, verb, *rest in (value or {}).get("steps", []):
        if verb == "open":
            place.locator(f"[data-open='{rest[0]}']").click()
        elif verb == "press":
            place.locator(f"[data-press='{rest[0]}']").click()
        elif verb == "set":
            _set(place.locator(f"[data-field='{rest[0]}']"), rest[1])


def _set(field: Any, value: str) -> None:
    if field.get_attribute("type") == "checkbox":
        field.set_checked(value == "1")
    elif field.evaluate("each => each.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def _chat(page: Any, place: Any, _value: Any) -> None:
    """Serve the simulated customer to the end, each time with the first way that is offered."""
    place.locator("[data-chat-begin]").click()
    for _ in range(_MOST_TURNS):
        place.locator(".chat-way, [data-chat-said]:has-text('会话结束了')").first.wait_for(state="visible")
        if place.locator("[data-chat-said]:has-text('会话结束了')").count():
            return
        said = place.locator(".bubble.me").count()
        place.locator(".chat-way").first.click()
        place.locator("[data-chat-send]").click()
        place.locator(".bubble.me").nth(said).wait_for()
        page.wait_for_timeout(900)
    raise AssertionError("the chat has no end")


_CONTROLS: dict[str, Callable[[Any, Any, Any], None]] = {
    "choose_one": _pick_one,
    "choose_many": _pick_some,
    "true_false": _pick_truth,
    "blanks": _fill,
    "number": _fill,
    "match": _match,
    "order": _order,
    "text": _write,
    "parts": _parts,
    "typing": _type,
    "live": _be_ready,
    "operation": _operate,
    "chat": _chat,
}
