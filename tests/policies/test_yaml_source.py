"""The strict YAML door: every trap is closed and every fault knows its line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from cstrain.policies.yaml_source import Fault, Limits, SourceError, parse, read, validate


def faults_of(text: str, **options: object) -> list[tuple[int, str]]:
    with pytest.raises(SourceError) as caught:
        parse(text, "f.yaml", **options)  # type: ignore[arg-type]
    return [(fault.line, fault.message) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("True", "True"),
        ("FALSE", "FALSE"),
        ("true", True),
        ("false", False),
        ("1:30", "1:30"),
        ("08:30", "08:30"),
        ("0123", "0123"),
        ("0o17", "0o17"),
        ("0x1f", "0x1f"),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        (".5", ".5"),
        ("5.", "5."),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31 10:00:00", "2026-01-31 10:00:00"),
        ("0", 0),
        ("12", 12),
        ("-3", -3),
        ("+7", 7),
        ("12.50", 12.5),
        ('"12"', "12"),
        ("'true'", "true"),
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", "Null"),
        ("<<", "<<"),
    ],
)
def test_plain_values_mean_only_what_they_say(written: str, value: object) -> None:
    found = parse(f"a: {written}\n", "f.yaml").at(("a",))
    assert found == value
    assert type(found) is type(value)


def test_keys_are_always_text() -> None:
    assert parse("no: 1\n2: x\ntrue: y\n", "f.yaml").data == {"no": 1, "2": "x", "true": "y"}


def test_a_duplicate_key_names_both_lines() -> None:
    assert faults_of("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n") == [
        (4, "“c”在第3行已经写过，同一处一个键只能写一次，请删掉一个。"),
        (5, "“a”在第1行已经写过，同一处一个键只能写一次，请删掉一个。"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a:\n\tb: 1\n", 2, "制表符"),
        ("a: &x 1\n", 1, "锚点"),
        ("a: 1\nb: *x\n", 2, "锚点"),
        ("- !!python/object/apply:os.system [x]\n", 1, "标签"),
        ("a: !!binary aGk=\n", 1, "标签"),
        ("a: b: c\n", 1, "冒号"),
        ('a: "x\n', 1, "引号"),
        ("a: [1, 2\n", 2, "括号"),
        ("a: 1\n---\nb: 2\n", 2, "---"),
        ("? [a]\n: 1\n", 1, "键名"),
        ("? \n: 1\n", 1, "键名"),
        ("a: 1\nb: \x01\n", 2, "控制字符"),
        ("a: \ud800\n", 1, "字符"),
        ("a: 9999999999999999\n", 1, "15位"),
        ("a: " + "9" * 6000 + "\n", 1, "15位"),
        ("", 1, "空"),
        ("# only a comment\n", 1, "空"),
        ("a: 1\n  b: 2\n", 2, ""),
        ("%YAML 9.9\n---\na: 1\n", 1, ""),
    ],
)
def test_traps_are_faults_with_a_line(text: str, line: int, words: str) -> None:
    found = faults_of(text)
    assert found[0][0] == line
    assert words in found[0][1]


def test_an_alias_bomb_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}]\n" for i in range(20))
    assert all("锚点" in message for _, message in faults_of(bomb))


@pytest.mark.parametrize("text", ["[" * 50_000, "{a: " * 5_000, "- " * 3_000 + "x"])
def test_depth_is_limited(text: str) -> None:
    assert "嵌套" in faults_of(text)[0][1]


def test_nodes_are_limited() -> None:
    assert faults_of("- a\n" * 20, limits=Limits(nodes=10)) == [(10, "内容超过10项，请拆成几个文件。")]


def test_many_faults_stop_early() -> None:
    assert len(faults_of("- &a x\n" * 5000)) == 100


def test_a_byte_order_mark_is_dropped(tmp_path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffa: 甲\n".encode())
    assert read(path).data == {"a": "甲"}
    assert parse("\ufeffa: 1", "f.yaml").data == {"a": 1}


def test_other_encodings_are_faults_with_a_line(tmp_path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 1\nb: " + "顾客".encode("gb18030"))
    with pytest.raises(SourceError) as caught:
        read(path, "x/a.yaml")
    assert caught.value.faults == (Fault("x/a.yaml", 2, "文件不是UTF-8编码，请另存为UTF-8后再试。"),)
    path.write_bytes("a: 1".encode("utf-16"))
    with pytest.raises(SourceError, match="UTF-8"):
        read(path)


def test_a_big_a_missing_and_an_odd_file_are_refused(tmp_path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("# " + "x" * 5000)
    with pytest.raises(SourceError, match="超过1KB"):
        read(path, limits=Limits(bytes=1000))
    with pytest.raises(SourceError, match="没有这个文件"):
        read(tmp_path / "none.yaml")
    with pytest.raises(SourceError, match="打不开"):
        read(tmp_path)


class Quiz(BaseModel):
    kind: Literal["quiz"]
    minutes: int


class Talk(BaseModel):
    kind: Literal["talk"]
    speaker: str


class Pair(BaseModel):
    texts: tuple[str, ...] = Field(min_length=2)


def test_a_list_with_a_wrong_item_is_not_called_too_short() -> None:
    with pytest.raises(SourceError) as caught:
        validate(Pair, parse("texts:\n  - a\n  - 5\n", "f.yaml"))
    assert [fault.line for fault in caught.value.faults] == [3]
    with pytest.raises(SourceError, match="至少要有2项，现在有1项"):
        validate(Pair, parse("texts: [a]", "f.yaml"))


class Day(BaseModel):
    title: str = Field(min_length=2)
    activities: tuple[Annotated[Quiz | Talk, Field(discriminator="kind")], ...] = ()


class Programme(BaseModel):
    name: str
    starts: date = date.min
    share: Decimal = Field(default=Decimal(0), le=1)
    guided: bool = False
    days: dict[int, Day] = Field(default_factory=dict)


GOOD = "name: 甲\nstarts: 2026-01-31\nshare: 0.1\nguided: true\ndays:\n  1: {title: 开始}\n"


def test_a_model_is_built_from_strict_data() -> None:
    found = validate(Programme, parse(GOOD, "f.yaml"))
    assert found == Programme(
        name="甲", starts=date(2026, 1, 31), share=Decimal("0.1"), guided=True, days={1: Day(title="开始")}
    )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("share: 0.1\n", 1, "缺少“name”，请补上。"),
        ("name: 5\n", 1, "“name”应为文字；像数字、true、false 的文字要加引号。"),
        ("name: a\nguided: no\n", 2, "“guided”只能写 true 或 false，不加引号。"),
        ("name: a\nguided: 1\n", 2, "“guided”只能写 true 或 false，不加引号。"),
        ("name: a\nshare: 2\n", 2, "“share”不能大于1。"),
        ("name: a\nshare: true\n", 2, "“share”应为数字，不加引号。"),
        ("name: a\nstarts: 1.31\n", 2, "“starts”应为日期，写成 2026-01-31。"),
        ("name: a\ndays: [1]\n", 2, "“days”应为若干行“键: 值”。"),
        ("name: a\ndays:\n  x: {title: 开始}\n", 3, "“x”应为整数。"),
        ("name: a\ndays:\n  1:\n    title: 一\n", 4, "“title”至少2个字，不能留空。"),
        ("- 1\n", 1, "应为若干行“键: 值”。"),
        (
            "name: a\nnaem: b\n",
            2,
            "不认识“naem”；这里可以写的有：days、guided、name、share、starts。",
        ),
        (
            "name: a\ndays:\n  1:\n    title: 开始\n    activities:\n      - kind: quiz\n        minutes: 5\n"
            "        speaker: x\n",
            8,
            "不认识“speaker”；这里可以写的有：kind、minutes。",
        ),
        (
            "name: a\ndays:\n  1:\n    title: 开始\n    activities:\n      - kind: song\n",
            6,
            "“activities”第1项不认识“song”，只能是：'quiz', 'talk'。",
        ),
    ],
)
def test_a_wrong_document_names_line_key_and_what_is_known(text: str, line: int, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        validate(Programme, parse(text, "f.yaml"))
    assert caught.value.faults == (Fault("f.yaml", line, message),)


def test_a_part_of_a_document_is_validated_with_lines_of_the_file() -> None:
    document = parse("x:\n  - name: a\n  - nam: b\n", "f.yaml", first_line=11)
    assert validate(Programme, document, ("x", 0)).name == "a"
    with pytest.raises(SourceError) as caught:
        validate(Programme, document, ("x", 1))
    assert [fault.line for fault in caught.value.faults] == [13, 13]
    assert document.line(("x", 1, "nothing", 5)) == 13
    assert document.at(("x", 7)) is None


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_gives_data_or_faults(text: str) -> None:
    faults: tuple[Fault, ...] = ()
    try:
        parse(text, "f.yaml")
    except SourceError as error:
        faults = error.faults
    assert all(fault.line >= 1 and fault.message for fault in faults)
