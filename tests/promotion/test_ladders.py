"""The shipped ladders: complete, approved, readable by day; a faulty edition is refused with its line."""

from datetime import date

import pytest

from cstrain.judgement.assess import assess
from cstrain.judgement.facts import Dossier
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.finding import State
from cstrain.policies.loader import SHIPPED
from cstrain.policies.yaml_source import SourceError, read
from cstrain.promotion import ladders

ON = date(2026, 11, 23)
REFS = ["annual", "basic", "eaglet", "ecommerce", "general", "leader", "parametric", "pipeline", "vip"]
GENERAL = (SHIPPED / "ladders" / "general.yaml").read_text("utf-8")


def test_every_ladder_of_the_documents_is_in_force():
    assert [one.ref for one in ladders.ladders(ON)] == REFS
    assert {one.ref for one in ladders.ladders(ON) if one.kind == "post"} == {"leader", "eaglet"}


def test_before_its_first_day_a_ladder_is_not_there():
    assert [one.ref for one in ladders.ladders(date(2017, 5, 31))] == ["eaglet"]
    with pytest.raises(NotFoundError, match="2017-05-31"):
        ladders.ladder("general", date(2017, 5, 31))
    assert ladders.ladder("general", date(2017, 6, 1)).edition == 1


def test_an_unknown_ladder_is_refused_with_what_is_known():
    with pytest.raises(NotFoundError, match="general"):
        ladders.editions("nope")
    with pytest.raises(NotFoundError, match="第9版"):
        ladders.edition("general", 9)
    assert ladders.edition("general", 1).ref == "general"


@pytest.mark.parametrize("ref", REFS)
def test_nothing_known_is_never_a_no_nor_a_yes(ref):
    for step in ladders.ladder(ref, ON).steps:
        found = assess(step.criteria, Dossier(on=ON))
        assert {finding.state for finding in found.findings} == {State.UNKNOWN}


@pytest.mark.parametrize("ref", REFS)
def test_every_condition_names_its_clause_and_every_edition_its_source_and_approvals(ref):
    ladder = ladders.ladder(ref, ON)
    assert {one.act for one in ladder.approvals} == {"drafted", "checked", "approved"}
    assert all(one.on <= ladder.effective_from for one in ladder.approvals)
    assert ladder.notes
    assert all(one.clause for step in ladder.steps for one in step.criteria)


def test_the_general_ladder_asks_what_its_source_asks():
    ladder = ladders.ladder("general", ON)
    assert [len(step.criteria) for step in ladder.steps[:3]] == [6, 10, 11]
    middle = {one.kind: one for one in ladder.steps[1].criteria}
    assert (middle["grade_months"].grade, middle["grade_months"].months) == ("A", 6)
    assert (middle["brand_rank"].top, middle["brand_rank"].months, middle["brand_rank"].least_months) == (
        3,
        3,
        2,
    )
    assert (middle["deductions_mean"].most, middle["deductions_mean"].months) == (1, 3)
    top = {one.kind: one for one in ladder.steps[2].criteria}
    assert (top["grade_months"].months, top["brand_rank"].top, top["deductions_none"].months) == (12, 2, 3)
    assert ladder.step_from("junior").goal == "intermediate"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("conversion-oa]", "conversion-ao]", "没有“conversion-ao”这份试卷"),
        ("clause: 第4.1条第二项", "clause: 第4.1条第一项", "写了两次"),
        ("clause: 第4.1条第二项, ", "", "没有写明条款"),
        ('  - {act: checked, office: gm_office, by: 总经办, on: "2017-06-01"}\n', "", "checked"),
        ("to: junior", "to: nobody", "不在级别"),
        ("kind: no_violation", "kind: no_violations", "不认识“no_violations”"),
    ],
)
def test_a_faulty_edition_is_refused_with_its_line(old, new, words):
    assert old in GENERAL
    with pytest.raises(SourceError, match=words) as error:
        ladders.parse_ladder(GENERAL.replace(old, new, 1), "changed.yaml")
    assert error.value.faults[0].file == "changed.yaml"
    assert error.value.faults[0].line > 1


def test_a_file_from_elsewhere_is_read_by_the_same_door(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(GENERAL.replace("months: 6}", "months: 4}", 1), "utf-8")
    assert ladders.read_ladder(path).steps[1].criteria[7].months == 4


def test_editions_must_follow_each_other(tmp_path, monkeypatch):
    folder = tmp_path / "ladders"
    folder.mkdir()
    (tmp_path / "papers").symlink_to(SHIPPED / "papers")
    monkeypatch.setattr(ladders, "SHIPPED", tmp_path)
    (folder / "a.yaml").write_text(GENERAL, "utf-8")
    (folder / "b.yaml").write_text(GENERAL.replace("edition: 1", "edition: 2"), "utf-8")
    (folder / "c.yaml").write_text(GENERAL.replace("edition: 1", "edition: 4"), "utf-8")
    with pytest.raises(SourceError) as error:
        ladders.read_all()
    assert [fault.file for fault in error.value.faults] == ["ladders/b.yaml", "ladders/c.yaml"]


def test_what_people_read_names_the_companys_documents_and_no_developers_page():
    for path in sorted(SHIPPED.rglob("*.yaml")):
        if path.name != "access.yaml":  # read by nobody on a page
            assert "rules.md" not in str(read(path).data.get("source", "")), path.name
