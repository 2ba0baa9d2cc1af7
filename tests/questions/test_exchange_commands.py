"""``bank import`` and ``bank export`` in the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cstrain.cli_context import shell_of
from cstrain.questions import service
from cstrain.questions.authoring.queries import drafts
from cstrain.questions.commands import bank
from cstrain.questions.queries import banks
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_person
from tests.questions.makers import choices, fields, write_bank

TEXT = """一、单选题
1. 顾客问今天18点下单能不能当天发货，怎样答？
A. 能，当天发
B. 不能，第二天发
答案：B
解析：16:00以后付款的第二天发。
2. 顾客要求开专票，先做什么？
A. 核对抬头和税号
B. 直接开
答案：C
3. 顾客问今天18点下单能不能当天发货，怎样答？
A. 能，当天发
B. 不能，第二天发
答案：B
"""


def run(*arguments: object, app=None) -> Result:
    result = CliRunner().invoke(bank, [*map(str, arguments)], obj=shell_of(app) if app else None)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_a_file_is_checked_without_a_database(tmp_path: Path) -> None:
    path = tmp_path / "题.txt"
    path.write_text(TEXT, encoding="utf-8")
    result = run("import", path, "--check", "--bank", "mine", "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert (told["format"], told["read"], told["imported"]) == ("text", 2, 0)
    assert told["duplicates"] == {"in_file": 1, "in_bank": 0}
    (fault,) = told["faults"]
    assert fault["position"].startswith("第") and "C" in fault["message"]
    plain = run("import", path, "--check")
    assert "读出2题，其中重复1题；1处没有读出" in plain.stdout and "第" in plain.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "不是文件"),
        (b"  \n", "文件是空的"),
        (b"\x00\x01\x02nothing", "格式"),
        (b"x" * 10_000_001, "超过10MB"),
        (b'<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>', "DOCTYPE"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_1_and_the_reason(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / ("a.xml" if content and content.startswith(b"<") else "a.bin")
    if content is not None:
        path.write_bytes(content)
    result = run("import", path, "--check", "--json")
    assert result.exit_code == 1 and result.stdout == "" and words in result.stderr


def test_an_unknown_format_names_those_there_are(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    result = run("import", path, "--check", "--format", "word")
    assert result.exit_code == 1 and "gift" in result.stderr and "xlsx" in result.stderr


@pytest.mark.parametrize("name", ["xlsx", "gift", "qti21", "yaml"])
def test_what_a_bank_exports_is_read_back(app, clock, tmp_path: Path, name: str) -> None:
    home = tmp_path / "banks"
    write_bank(home / "own", [*choices(6), fields("true_false")])
    with app.app_context(), unit_of_work():
        service.load_banks(clock.now(), home)
    out = tmp_path / "out.bin"
    result = run("export", "own", "--format", name, "-o", out, app=app)
    assert result.exit_code == 0 and "7题；0处放不下" in result.stdout
    told = json.loads(run("import", out, "--check", "--format", name, "--json").stdout)
    assert (told["read"], told["faults"]) == (7, [])
    again = run("export", "own", "--format", name, "-o", out, app=app)
    assert again.exit_code == 1 and "没有写" in again.stderr


def test_an_export_refuses_what_it_does_not_know(app, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    unknown = run("export", "nothing", "--format", "xlsx", "-o", out, app=app)
    assert unknown.exit_code == 1 and "没有题库“nothing”" in unknown.stderr
    assert run("export", "own", "--format", "word", "-o", out, app=app).exit_code == 2
    assert not out.exists()


def test_a_file_is_written_as_questions_that_wait_for_review_and_goes_out_again(app, tmp_path: Path) -> None:
    path, out = tmp_path / "题.txt", tmp_path / "out.yaml"
    path.write_text(TEXT, encoding="utf-8")
    result = run("import", path, "--bank", "mine", "--new-title", "我的题库", "--json", app=app)
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert (told["format"], told["read"], told["imported"]) == ("text", 2, 1)
    assert told["duplicates"] == {"in_file": 1, "in_bank": 0} and len(told["faults"]) == 1
    again = run("import", path, "--bank", "mine", app=app)
    assert again.exit_code == 0 and "写入0题" in again.stdout and "重复" in again.stdout
    done = run("export", "mine", "--format", "yaml", "-o", out, app=app)
    assert "1题，其中1题等待首次审核" in done.stdout
    active = run("export", "mine", "--format", "yaml", "--active", "-o", tmp_path / "b.yaml", app=app)
    assert "，0题；" in active.stdout
    assert json.loads(run("import", out, "--check", "--json").stdout)["read"] == 1


def test_what_cannot_be_written_says_why_and_leaves_nothing(app, tmp_path: Path) -> None:
    path = tmp_path / "题.txt"
    path.write_text(TEXT, encoding="utf-8")
    for more, words in (
        (("--bank", "Not A Name"), "题库名"),
        (("--bank", "mine", "--by", "nobody"), "没有工号"),
        (("--bank", "mine", "--format", "word"), "不认识格式"),
    ):
        result = run("import", path, *more, app=app)
        assert result.exit_code == 1 and words in result.stderr and result.stdout == ""
    with app.app_context():
        assert "mine" not in {each.name for each in banks()}


def test_who_brought_a_file_in_the_shell_is_kept(app, tmp_path: Path) -> None:
    with app.app_context():
        make_person("马丽", staff_no="T1", roles=["trainer"])
        make_person("周敏", staff_no="T2")
    path = tmp_path / "题.csv"
    path.write_text("题型,题干,选项A,选项B,答案,备忘\n单选题,先做什么？,道歉,查单,A,x\n", encoding="utf-8")
    result = run("import", path, "--bank", "mine", "--by", "T1", app=app)
    assert result.exit_code == 0 and "写入1题" in result.stdout and "备忘" in result.stderr
    refused = run("import", path, "--bank", "mine", "--by", "T2", app=app)
    assert refused.exit_code == 1 and "没有导入题目的权限" in refused.stderr
    with app.app_context():
        (line,), _total = drafts(state="review", bank="mine")
        assert line.author is not None
