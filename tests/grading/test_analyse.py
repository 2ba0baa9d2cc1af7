"""``cstrain analyse``: what it reads, what it refuses and where, what it withholds; no database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cstrain.cli import cli

# eleven people, four questions, every mark by hand: whole marks 4 … 0
LETTERS = ["ABCD", "ABCD", "ABCA", "ABCA", "ABAA", "ABBA", "AACA", "BBCA", "ACAA", "CAAA", "BAAA"]
HEAD = ["Q1", "Q2", "Q3", "Q4"]


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(cli, ["analyse", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result


def refusal(*arguments: object) -> str:
    result = run(*arguments)
    assert result.exit_code == 1 and result.stdout == ""
    return result.stderr


def write(path: Path, rows: list[list[object]], encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", encoding=encoding)
    return path


@pytest.fixture
def letters(tmp_path) -> Path:
    rows = [[f"E{number:03}", *answers] for number, answers in enumerate(LETTERS)]
    return write(tmp_path / "letters.csv", [["工号", *HEAD], *rows])


@pytest.fixture
def key(tmp_path) -> Path:
    return write(tmp_path / "key.csv", [list("ABCD")])


def marks(tmp_path, rows: list[list[object]], head: list[str] = HEAD, encoding: str = "utf-8") -> Path:
    return write(tmp_path / "marks.csv", [head, *rows], encoding)


def right_or_wrong() -> list[list[object]]:
    return [[int(a == b) for a, b in zip(answers, "ABCD", strict=True)] for answers in LETTERS]


def analysed(*arguments: object) -> dict:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_help_has_an_example_and_says_what_a_blank_means() -> None:
    text = run("--help").output
    assert "cstrain analyse letters.csv --key key.csv --cut 12" in text and "没有作答的格子" in text


def test_letters_with_a_key_are_marked_and_analysed(letters, key) -> None:
    found = analysed(letters, "--key", key)
    test, questions = found["test"], found["questions"]
    assert (test["n"], test["questions"], test["max"]) == (11, 4, 4.0)
    assert test["mean"] == pytest.approx(23 / 11)
    assert [each["id"] for each in questions] == HEAD
    assert [each["facility"] for each in questions] == pytest.approx([8 / 11, 7 / 11, 6 / 11, 2 / 11])
    rests = [int(sum(row) - row[0]) for row in right_or_wrong()]
    first = [row[0] for row in right_or_wrong()]
    mine, others = sum(first) / 11, sum(rests) / 11
    shared = sum((a - mine) * (b - others) for a, b in zip(first, rests, strict=True))
    spread = sum((a - mine) ** 2 for a in first) * sum((b - others) ** 2 for b in rests)
    assert questions[0]["discrimination"] == pytest.approx(shared / spread**0.5)
    assert questions[0]["facility_low"] < 8 / 11 < questions[0]["facility_high"]


def test_options_are_listed_with_thirds_and_the_mean_rest(letters, key) -> None:
    first = analysed(letters, "--key", key)["questions"][0]
    options = {each["option"]: each for each in first["options"]}
    assert list(options) == ["A", "B", "C"] and options["A"]["key"] and not options["B"]["key"]
    assert (options["B"]["n"], options["B"]["share"], options["B"]["mean_rest"]) == (
        2,
        pytest.approx(2 / 11),
        1.0,
    )
    # the best third are 11/3 people: two with 3 marks elsewhere, the rest of it shared by three with 2
    assert options["A"]["upper"] == pytest.approx((2 + 2 * (11 / 3 - 2) / 3) / (11 / 3))


def test_few_people_are_withheld_as_null_with_the_reason(tmp_path, letters, key) -> None:
    found = analysed(letters, "--key", key, "--cut", 2)
    assert all(
        found["test"][name] is None for name in ("alpha", "sem", "kr20", "skewness", "accuracy", "kappa")
    )
    assert found["test"]["withheld"]["alpha"] == "few"
    nine = write(tmp_path / "nine.csv", [HEAD, *(list(answers) for answers in LETTERS[:9])])
    few = analysed(nine, "--key", key)
    assert few["test"]["n"] == 9 and few["test"]["mean"] is None
    assert all(each["facility"] is None and each["options"] is None for each in few["questions"])


def test_marks_and_letters_agree(tmp_path, letters, key) -> None:
    by_letters = analysed(letters, "--key", key)
    by_marks = analysed(marks(tmp_path, right_or_wrong()))
    for one, other in zip(by_letters["questions"], by_marks["questions"], strict=True):
        for name in ("facility", "discrimination", "efficiency", "effective_weight", "upper_lower"):
            assert one[name] == other[name]


def test_enough_people_give_reliability_and_the_worth_of_a_cut(tmp_path) -> None:
    found = analysed(marks(tmp_path, right_or_wrong() * 5), "--cut", 3)
    test = found["test"]
    assert test["n"] == 55 and test["alpha"] == pytest.approx(test["kr20"])
    assert test["alpha_low"] < test["alpha"] < test["alpha_high"]
    assert test["sem"] == pytest.approx(test["sd"] * (1 - test["alpha"]) ** 0.5)
    assert test["csem_lord"] == pytest.approx(1.0)
    assert test["passing"] == pytest.approx(20 / 55)
    assert 0.5 < test["accuracy"] < 1 and 0.5 < test["consistency"] < 1


def test_all_questions_the_same_for_all_is_survived(tmp_path) -> None:
    found = analysed(marks(tmp_path, [[1, 0]] * 40, ["a", "b"]), "--cut", "0.5")
    assert found["test"]["alpha"] is None and found["test"]["withheld"]["alpha"] == "same"
    assert found["questions"][0]["facility"] == 1.0
    assert found["questions"][1]["facility"] is None
    assert found["questions"][1]["withheld"]["facility"] == "unknown"


def test_a_negative_reliability_is_survived(tmp_path) -> None:
    found = analysed(marks(tmp_path, [[1, 0], [0, 1]] * 20 + [[1, 1]], ["a", "b"]), "--cut", 2)["test"]
    assert found["alpha"] < 0 and found["error_ratio"] > 1
    assert found["accuracy"] is None and found["withheld"]["accuracy"] == "reliability"


def test_one_question_is_survived(tmp_path) -> None:
    found = analysed(marks(tmp_path, [[1], [0]] * 20, ["only"]))
    assert found["test"]["withheld"]["alpha"] == "length"
    assert found["questions"][0]["discrimination"] is None


def test_a_row_of_maxima_rules_and_marks_above_it_are_refused(tmp_path) -> None:
    head = ["工号", "a", "b"]
    rows = [["满分", 4, 10], *([f"E{n}", n % 3, 5] for n in range(12))]
    found = analysed(marks(tmp_path, rows, head))
    assert [each["max"] for each in found["questions"]] == [4.0, 10.0]
    assert found["questions"][1]["facility"] == 0.5 and found["test"]["n"] == 12
    text = refusal(marks(tmp_path, [*rows, ["E99", 4.5, 5]], head))
    assert "第15行第2列（a）" in text and "超过满分4" in text
    assert "第3行又是一行满分" in refusal(marks(tmp_path, [rows[0], rows[0], *rows[1:]], head))
    assert "第2行第2列（a）的满分" in refusal(marks(tmp_path, [["max", 0, 10], *rows[1:]], head))


def test_a_blank_mark_is_missing_and_a_blank_letter_is_no_mark(tmp_path, key) -> None:
    rows = right_or_wrong()
    rows[0][0] = "NA"
    found = analysed(marks(tmp_path, rows))
    assert found["test"]["complete"] == 10 and found["questions"][0]["n"] == 10
    assert found["questions"][0]["facility"] == pytest.approx(7 / 10)
    blank = [list(answers) for answers in LETTERS]
    blank[0][0] = ""
    found = analysed(write(tmp_path / "b.csv", [HEAD, *blank]), "--key", key)
    assert found["questions"][0]["n"] == 11 and found["questions"][0]["facility"] == pytest.approx(7 / 11)
    assert found["questions"][0]["options"][-1]["option"] is None


def test_who_has_no_mark_at_all_was_not_there(tmp_path) -> None:
    rows = [[f"E{n}", 1, n % 2] for n in range(12)]
    assert analysed(marks(tmp_path, [*rows, ["E99", "", ""]], ["id", "a", "b"]))["test"]["n"] == 12


@pytest.mark.parametrize("head", ["candidate", "Candidate", "ID", "工号", "姓名", "员工编号"])
def test_a_first_column_that_names_people_is_no_question(tmp_path, head) -> None:
    rows = [[f"E{n}", n % 2, 1] for n in range(12)]
    assert [each["id"] for each in analysed(marks(tmp_path, rows, [head, "a", "b"]))["questions"]] == [
        "a",
        "b",
    ]


def test_number_and_name_may_stand_side_by_side(tmp_path) -> None:
    rows = [[f"E{n}", "张三", n % 2] for n in range(12)]
    assert len(analysed(marks(tmp_path, rows, ["工号", "姓名", "a"]))["questions"]) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_usual_encoding_is_read(tmp_path, encoding) -> None:
    rows = [[f"员工{n}", n % 2] for n in range(12)]
    found = analysed(marks(tmp_path, rows, ["工号", "第一题"], encoding))
    assert found["questions"][0]["id"] == "第一题"


KEYS = {
    "a row": [list("ABCD")],
    "a row under a head": [HEAD, list("ABCD")],
    "a row under a head in another order": [["id", *HEAD[::-1]], ["key", *"DCBA"]],
    "a row with a word before it": [["KEY", *"ABCD"]],
    "pairs": [list(pair) for pair in zip(HEAD, "ABCD", strict=True)],
    "pairs under a head": [["question", "key"], *(list(pair) for pair in zip(HEAD, "abcd", strict=True))],
    "full width": [list("ＡＢＣＤ")],
}


@pytest.mark.parametrize("form", KEYS)
def test_every_form_of_a_key_is_read(tmp_path, letters, key, form) -> None:
    other = write(tmp_path / "other.csv", KEYS[form])
    assert analysed(letters, "--key", other) == analysed(letters, "--key", key)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([list("ABC")], "有3个答案，作答文件有4道题"),
        ([["Q1", "A"], ["Q9", "B"], ["Q2", "B"]], "第2行的题名“Q9”"),
        ([["Q1", "A"], ["Q1", "B"], ["Q2", "B"]], "第2行的Q1已经有答案"),
        ([["Q1", "A"], ["Q2", ""], ["Q3", "B"]], "第2行的Q2没有写答案"),
        ([["Q1", "A"], ["Q2", "B"], ["Q3", "B"]], "没有Q4的答案"),
        ([HEAD, list("ABCD"), list("ABCD")], "现在有2行"),
    ],
)
def test_a_key_that_does_not_fit_is_refused_with_its_row(tmp_path, letters, rows, words) -> None:
    assert words in refusal(letters, "--key", write(tmp_path / "k.csv", rows))


def test_several_letters_count_as_a_set_and_all_or_nothing(tmp_path) -> None:
    rows = [["AC"], ["ca"], ["A;C"], ["A、C"], ["A"], ["ABC"], ["B"], [""], ["C A"], ["AC"], ["AC"]]
    path = write(tmp_path / "m.csv", [["Q1"], *([cell] for [cell] in rows)])
    found = analysed(path, "--key", write(tmp_path / "k.csv", [["AC"]]))["questions"][0]
    assert found["n"] == 11 - 1  # an empty row of one column is no row
    assert found["facility"] == pytest.approx(7 / 10)
    assert {each["option"]: each["n"] for each in found["options"]} == {"A": 9, "B": 2, "C": 8}


def test_answers_that_are_no_letters_are_compared_as_they_stand(tmp_path) -> None:
    path = write(tmp_path / "m.csv", [["Q1", "Q2"], *([["对", "3"], ["错", "4"]] * 6)])
    found = analysed(path, "--key", write(tmp_path / "k.csv", [["对", "3"]]))
    assert [each["facility"] for each in found["questions"]] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["a", "b"], [1, "x"]], "第2行第2列（b）的“x”不是分数"),
        ([["a", "b"], [1, 2], ["", ""], [3, -1]], "第4行第2列（b）的“-1”不是分数"),
        ([["工号", "b"], ["E1", "1,5"]], "第1行第3列没有题名"),
        ([["a", "a"], [1, 2]], "第2列的题名a与第1列相同"),
        ([["工号"], ["E1"]], "没有题目列"),
        ([["工号", "a"]], "没有一行作答"),
        ([["工号", "a"], ["E1", 1], ["E2", 1], ["E1", 0]], "第4行第1列的E1在第2行已经有了"),
    ],
)
def test_what_cannot_be_analysed_is_refused_with_its_row_and_column(tmp_path, rows, words) -> None:
    assert words in refusal(write(tmp_path / "r.csv", rows))


def test_letters_without_a_key_and_marks_with_one_are_told_apart(tmp_path, letters, key) -> None:
    assert "请用--key给出答案" in refusal(letters)
    assert "请去掉--key" in refusal(marks(tmp_path, right_or_wrong()), "--key", key)
    rows = [["max", 1, 1, 1, 1], ["E1", *"ABCD"]]
    assert "每题都是1分" in refusal(marks(tmp_path, rows, ["id", *HEAD]), "--key", key)


@pytest.mark.parametrize("cut", ["abc", "0", "-1", "5", "nan", "1/0"])
def test_a_cut_outside_the_paper_is_refused(tmp_path, cut) -> None:
    assert "--cut" in refusal(marks(tmp_path, right_or_wrong()), f"--cut={cut}")


def test_a_missing_file_and_one_that_is_no_table_are_refused(tmp_path) -> None:
    assert run(tmp_path / "none.csv").exit_code == 1
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    assert "里面没有内容" in refusal(empty)


def test_the_text_stands_in_columns_whatever_the_script(letters, key) -> None:
    lines = run(letters, "--key", key).stdout.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("题目"))
    assert [line.split()[0] for line in lines[start + 1 : start + 5]] == HEAD
    assert "不足10人不给题目的数字" in lines[-1]


def test_nobody_gets_a_library_or_a_database_for_it(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("CSTRAIN_SECRET_KEY", raising=False)
    monkeypatch.setenv("CSTRAIN_DATABASE_URL", "nonsense")
    assert analysed(marks(tmp_path, right_or_wrong()))["test"]["n"] == 11
