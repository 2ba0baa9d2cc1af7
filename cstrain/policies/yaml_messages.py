"""Chinese sentences for what the YAML parser and pydantic complain about. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

TOLD = "told"
"""The kind of an error whose message is a Chinese sentence already, whole and with its place."""

_SYNTAX = {
    "cannot start any token": "这里的字符不能开头：缩进请用空格不要用制表符Tab，特殊符号开头的文字要加引号。",
    "mapping values are not allowed": "这里多了一个冒号：文字里含有“: ”时请整段加引号。",
    "could not find expected ':'": "这一行缺少冒号，应写成“键: 值”。",
    "did not find expected key": "缩进或引号有误：这一行与上面对不齐，或上面的引号后还有文字。",
    "expected <block end>": "缩进或引号有误：这一行与上面对不齐，或上面的引号后还有文字。",
    "did not find expected '-' indicator": "列表的缩进有误：每一项的“- ”要对齐。",
    "did not find expected ','": "方括号或花括号没有成对，或中间缺少逗号。",
    "unexpected end of stream": "引号没有成对，请补上。",
    "escape": "双引号里的反斜线写法有误，请改用单引号。",
    "nesting": "嵌套太深，请简化。",
    "undefined alias": "不支持锚点和引用（& 和 *），请把内容直接写出来；以这两个符号开头的文字要加引号。",
    "control characters are not allowed": "文件里有不允许的控制字符，请删除后再试。",
}

_PLAIN = {
    "string_type": "应为文字；像数字、true、false 的文字要加引号。",
    "int_type": "应为整数，不加引号。",
    "int_parsing": "应为整数。",
    "bool_type": "只能写 true 或 false，不加引号。",
    "float_type": "应为数字，不加引号。",
    "decimal_type": "应为数字，不加引号。",
    "decimal_parsing": "应为数字。",
    "finite_number": "应为有限的数字。",
    "list_type": "应为列表，每项以“- ”开头。",
    "tuple_type": "应为列表，每项以“- ”开头。",
    "set_type": "应为列表，每项以“- ”开头。",
    "frozen_set_type": "应为列表，每项以“- ”开头。",
    "dict_type": "应为若干行“键: 值”。",
    "model_type": "应为若干行“键: 值”。",
    "dataclass_type": "应为若干行“键: 值”。",
    "date_parsing": "应为日期，写成 2026-01-31。",
    "date_from_datetime_parsing": "应为日期，写成 2026-01-31。",
    "date_type": "应为日期，写成 2026-01-31。",
    "time_parsing": "应为时刻，写成 08:30。",
}

_WITH_LIMIT = {
    "greater_than": "应大于{gt}。",
    "greater_than_equal": "不能小于{ge}。",
    "less_than": "应小于{lt}。",
    "less_than_equal": "不能大于{le}。",
    "too_short": "至少要有{min_length}项，现在有{actual_length}项。",
    "too_long": "最多{max_length}项。",
    "string_too_short": "至少{min_length}个字，不能留空。",
    "string_too_long": "最多{max_length}个字。",
    "string_pattern_mismatch": "写法不对，应符合 {pattern}。",
    "decimal_max_places": "最多{decimal_places}位小数。",
    "decimal_max_digits": "最多{max_digits}位数字。",
    "literal_error": "只能是：{expected}。",
    "enum": "只能是：{expected}。",
    "union_tag_invalid": "不认识“{tag}”，只能是：{expected_tags}。",
    "union_tag_not_found": "缺少{discriminator}。",
}


def explain_syntax(problem: str) -> str:
    """Turn the YAML parser's English problem into a Chinese sentence."""
    for words, sentence in _SYNTAX.items():
        if words in problem:
            return sentence
    return f"YAML写法有误（{problem}），请检查缩进、冒号和引号。"


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
        return f"缺少“{loc[-1]}”，请补上。"
    if kind == "extra_forbidden":
        return f"不认识“{loc[-1]}”；这里可以写的有：{'、'.join(known_keys(model, loc[:-1]))}。"
    if kind == TOLD:
        return str(problem["msg"])
    if kind == "value_error":
        return f"{name}{limits['error']}"
    if kind in _PLAIN:
        return f"{name}{_PLAIN[kind]}"
    if kind in _WITH_LIMIT:
        return name + _WITH_LIMIT[kind].format(**limits).replace(" or ", "、")
    return f"{name}写法不对（{problem['msg']}）。"


def _name(loc: tuple[str | int, ...]) -> str:
    """Name a place: its last key, and the number of the item when it is in a list."""
    keys = [index for index, step in enumerate(loc) if isinstance(step, str) and step != "[key]"]
    if not keys:
        return ""
    items = "".join(f"第{step + 1}项" for step in loc[keys[-1] + 1 :] if isinstance(step, int))
    return f"“{loc[keys[-1]]}”{items}"


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
