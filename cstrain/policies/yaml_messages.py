"""Chinese sentences for what the YAML parser and pydantic complain about. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from cstrain.wording.said import Said, reason, said_row, say

TOLD = "told"
"""The kind of an error whose message is a Chinese sentence already, whole and with its place."""

_SYNTAX = {
    "cannot start any token": say(
        "这里的字符不能开头：缩进请用空格不要用制表符Tab，特殊符号开头的文字要加引号。"
    ),
    "mapping values are not allowed": say("这里多了一个冒号：文字里含有“: ”时请整段加引号。"),
    "could not find expected ':'": say("这一行缺少冒号，应写成“键: 值”。"),
    "did not find expected key": say("缩进或引号有误：这一行与上面对不齐，或上面的引号后还有文字。"),
    "expected <block end>": say("缩进或引号有误：这一行与上面对不齐，或上面的引号后还有文字。"),
    "did not find expected '-' indicator": say("列表的缩进有误：每一项的“- ”要对齐。"),
    "did not find expected ','": say("方括号或花括号没有成对，或中间缺少逗号。"),
    "unexpected end of stream": say("引号没有成对，请补上。"),
    "escape": say("双引号里的反斜线写法有误，请改用单引号。"),
    "nesting": say("嵌套太深，请简化。"),
    "undefined alias": say(
        "不支持锚点和引用（& 和 *），请把内容直接写出来；以这两个符号开头的文字要加引号。"
    ),
    "control characters are not allowed": say("文件里有不允许的控制字符，请删除后再试。"),
}

_PLAIN = {
    "string_type": say("应为文字；像数字、true、false 的文字要加引号。"),
    "int_type": say("应为整数，不加引号。"),
    "int_parsing": say("应为整数。"),
    "bool_type": say("只能写 true 或 false，不加引号。"),
    "float_type": say("应为数字，不加引号。"),
    "decimal_type": say("应为数字，不加引号。"),
    "decimal_parsing": say("应为数字。"),
    "finite_number": say("应为有限的数字。"),
    "list_type": say("应为列表，每项以“- ”开头。"),
    "tuple_type": say("应为列表，每项以“- ”开头。"),
    "set_type": say("应为列表，每项以“- ”开头。"),
    "frozen_set_type": say("应为列表，每项以“- ”开头。"),
    "dict_type": say("应为若干行“键: 值”。"),
    "model_type": say("应为若干行“键: 值”。"),
    "dataclass_type": say("应为若干行“键: 值”。"),
    "date_parsing": say("应为日期，写成 2026-01-31。"),
    "date_from_datetime_parsing": say("应为日期，写成 2026-01-31。"),
    "date_type": say("应为日期，写成 2026-01-31。"),
    "time_parsing": say("应为时刻，写成 08:30。"),
}

_LIMIT_WORDS = {
    "greater_than": "应大于%(gt)s。",
    "greater_than_equal": "不能小于%(ge)s。",
    "less_than": "应小于%(lt)s。",
    "less_than_equal": "不能大于%(le)s。",
    "too_short": "至少要有%(min_length)s项，现在有%(actual_length)s项。",
    "too_long": "最多%(max_length)s项。",
    "string_too_short": "至少%(min_length)s个字，不能留空。",
    "string_too_long": "最多%(max_length)s个字。",
    "string_pattern_mismatch": "写法不对，应符合 %(pattern)s。",
    "decimal_max_places": "最多%(decimal_places)s位小数。",
    "decimal_max_digits": "最多%(max_digits)s位数字。",
    "literal_error": "只能是：%(expected)s。",
    "enum": "只能是：%(expected)s。",
    "union_tag_invalid": "不认识“%(tag)s”，只能是：%(expected_tags)s。",
    "union_tag_not_found": "缺少%(discriminator)s。",
}


def explain_syntax(problem: str) -> str:
    """Turn the YAML parser's English problem into a Chinese sentence."""
    for words, sentence in _SYNTAX.items():
        if words in problem:
            return sentence
    return say("YAML写法有误（%(problem)s），请检查缩进、冒号和引号。", problem=problem)


def telling(error: ValidationError) -> list[dict[str, Any]]:
    """Return pydantic's errors, less "too short" of a list that only lacks its own wrong items."""
    problems: list[dict[str, Any]] = [dict(problem) for problem in error.errors(include_url=False)]
    within = {problem["loc"][:end] for problem in problems for end in range(len(problem["loc"]))}
    return [each for each in problems if each["type"] != "too_short" or each["loc"] not in within]


def explain(model: type[BaseModel], problem: Mapping[str, Any]) -> str:
    """Turn one pydantic error on ``model`` into a Chinese sentence that names the key."""
    kind, loc, limits = problem["type"], problem["loc"], problem.get("ctx", {})
    name = _name(loc)
    if kind == "missing":
        return say("缺少“%(name)s”，请补上。", name=loc[-1])
    if kind == "extra_forbidden":
        known = said_row("、", known_keys(model, loc[:-1]))
        return say("不认识“%(name)s”；这里可以写的有：%(known)s。", name=loc[-1], known=known)
    if kind == TOLD:
        told = limits.get("words")
        return told if isinstance(told, Said) else str(problem["msg"])
    if kind == "value_error":
        return _of(name, reason(limits["error"]))
    if kind in _PLAIN:
        return _of(name, _PLAIN[kind])
    if kind in _LIMIT_WORDS:
        return _of(name, say(_LIMIT_WORDS[kind], **{key: _listed(each) for key, each in limits.items()}))
    return _of(name, say("写法不对（%(problem)s）。", problem=problem["msg"]))


def _of(name: str, why: str) -> str:
    return say("%(name)s%(why)s", name=name, why=why) if name else why


def _listed(limit: object) -> str:
    return said_row("、", str(limit).split(" or "))


def _name(loc: tuple[str | int, ...]) -> str:
    """Name a place: its last key, and the number of the item when it is in a list."""
    keys = [index for index, step in enumerate(loc) if isinstance(step, str) and step != "[key]"]
    if not keys:
        return ""
    last = loc[keys[-1] + 1 :]
    items = said_row("", [say("第%(number)s项", number=step + 1) for step in last if isinstance(step, int)])
    if not items:
        return f"“{loc[keys[-1]]}”"
    return say("“%(name)s”%(items)s", name=loc[keys[-1]], items=items)


def known_keys(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """Return the keys that ``model`` knows at a pydantic location."""
    models = [model]
    for step in loc:
        if isinstance(step, int):
            continue
        inner = [found for each in models for found in _models_of(each, step)]
        models = inner or [each for each in models if _is_tagged(each, step)] or models
    return sorted({info.alias or key for each in models for key, info in each.model_fields.items()})


def _models_of(model: type[BaseModel], key: str) -> list[type[BaseModel]]:
    for name, info in model.model_fields.items():
        if key in (name, info.alias):
            return list(_models_in(info.annotation))
    return []


def _models_in(annotation: object) -> Iterable[type[BaseModel]]:
    if get_origin(annotation) is None and isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _is_tagged(model: type[BaseModel], tag: str) -> bool:
    """Tell whether ``tag`` names this member of a union: by class name, or by a literal field's value."""
    annotations = (info.annotation for info in model.model_fields.values())
    return model.__name__ == tag or any(
        get_origin(each) is Literal and tag in get_args(each) for each in annotations
    )
