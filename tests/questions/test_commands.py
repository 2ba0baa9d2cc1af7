"""``bank check`` in the shell: exact JSON, exit codes, no traceback, no database."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cstrain import bundled as bundled_module
from cstrain.bundled import bundled
from cstrain.questions.commands import bank
from tests.questions.makers import choices, fields, unlike, write_bank


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(bank, ["check", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_help_has_an_example() -> None:
    assert "cstrain bank check" in run("--help").output
    assert "cstrain bank check" in CliRunner().invoke(bank, ["--help"]).output


def test_a_good_bank_ends_with_nothing_wrong(tmp_path) -> None:
    path = write_bank(tmp_path / "b", choices(24))
    result = run(path)
    assert result.exit_code == 0
    assert result.stdout == "b：24题（single_choice 24）\n没有发现问题。\n"
    assert result.stderr == ""


def test_json_is_printed_also_when_there_are_faults(tmp_path) -> None:
    path = write_bank(tmp_path / "b", [fields("single_choice", answer=["Z"]), *choices(1)])
    result = run(path, "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert list(report) == ["banks", "faults"]
    assert list(report["banks"][0]) == [
        "name",
        "questions",
        "by_topic",
        "by_difficulty",
        "by_type",
        "test_wiseness",
    ]
    assert [list(fault) for fault in report["faults"]] == [["file", "line", "message"]]
    assert report["faults"][0]["file"] == "one.yaml"


def test_without_json_faults_go_to_stderr(tmp_path) -> None:
    result = run(write_bank(tmp_path / "b", [fields("single_choice", answer=["Z"])]))
    assert result.exit_code == 1
    assert result.stderr.startswith("one.yaml:")
    assert "发现1个问题" in result.stdout


@pytest.mark.parametrize("name", ["nothing", "notes.txt", "x" * 300])
def test_a_path_without_a_bank_is_a_clear_error(tmp_path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("x")
    result = run(tmp_path / name, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["banks"] == []
    assert json.loads(result.stdout)["faults"][0]["file"] == str(tmp_path / name)
    assert "请检查路径" in result.stderr
    assert run(tmp_path / name).stdout == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("顾客".encode("gb18030"), "UTF-8"),
        (b"# " + b"x" * 1_000_000, "超过1000KB"),
        (b"a: &a [x]\n", "锚点"),
        (b"", "空"),
        (b"[" * 9000, "嵌套"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_fault(tmp_path, content: bytes, words: str) -> None:
    (tmp_path / "x.yaml").write_bytes(content)
    result = run(tmp_path / "x.yaml", "--json")
    assert result.exit_code == 1
    assert words in json.loads(result.stdout)["faults"][0]["message"]


def test_lessons_beside_a_bank_are_found(tmp_path) -> None:
    write_bank(
        tmp_path / "b", [fields("true_false", id="x", stem=unlike(1)), fields("number", source="page#无")]
    )
    assert run(tmp_path / "b").exit_code == 0
    (tmp_path / "lessons").mkdir()
    page = "---\nid: page\ntitle: 页\nkind: handbook\nhandbook: x\nversion: 1\n---\n## 标题\n正文\n"
    (tmp_path / "lessons" / "page.md").write_text(page, encoding="utf-8")
    result = run(tmp_path / "b")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "没有标题“无”" in result.stderr


def test_faults_planted_in_a_copy_of_a_shipped_bank_are_found(tmp_path) -> None:
    copy = tmp_path / "product"
    shutil.copytree(bundled("question_banks") / "product", copy)
    path = sorted(each for each in copy.glob("*.yaml") if each.name != "bank.yaml")[0]
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(index for index, line in enumerate(lines) if line.startswith("    source:"))
    lines[at] = "    source: product-nowhere#没有"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert "product-nowhere" in run(copy).stderr


def test_the_shipped_banks_are_proven_in_a_few_seconds() -> None:
    before = time.monotonic()
    result = run("--json")
    assert time.monotonic() - before < 10
    report = json.loads(result.stdout)
    assert report["faults"] == []
    assert result.exit_code == 0
    assert {each["name"] for each in report["banks"]} >= {"product", "rules", "oa", "daily"}
    daily = next(each for each in report["banks"] if each["name"] == "daily")
    assert all(topic.startswith("day-") for topic in daily["by_topic"])


def test_bundled_folders_come_from_the_wheel_first(tmp_path, monkeypatch) -> None:
    package = tmp_path / "cstrain"
    monkeypatch.setattr(bundled_module, "_PACKAGE", package)
    with pytest.raises(FileNotFoundError):
        bundled("question_banks")
    (tmp_path / "question_banks").mkdir()
    assert bundled("question_banks") == tmp_path / "question_banks"
    inside = package / "_bundled" / "question_banks"
    inside.mkdir(parents=True)
    assert bundled("question_banks") == inside
    assert Path(inside).is_dir()
