"""QTI files: editions, encodings, packages with their manifests, and hostile ones."""

from __future__ import annotations

import contextlib
import io
import tracemalloc
import zipfile
from typing import Any

import pytest

from cstrain.questions.exchange.contract import UnreadableError, guessed
from cstrain.questions.formats.qti3 import Qti3
from cstrain.questions.formats.qti21 import Qti21
from tests.questions.formats.qti_makers import (
    SINGLE,
    SPACE,
    asked,
    choice,
    declared,
    item,
    manifest,
    one,
    package,
    reading,
    resource,
)

# QTI 3.0, 2.0, packages

THREE = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="t"
 adaptive="false" time-dependent="false"><qti-response-declaration base-type="identifier" cardinality="single"
 identifier="RESPONSE"><qti-correct-response><qti-value>B</qti-value></qti-correct-response>
</qti-response-declaration><qti-item-body><p>问</p><qti-choice-interaction max-choices="1"
 response-identifier="RESPONSE" data-x="1"><qti-simple-choice identifier="A">甲</qti-simple-choice>
<qti-simple-choice identifier="B">乙</qti-simple-choice>
<qti-simple-choice identifier="C">丙</qti-simple-choice>
</qti-choice-interaction></qti-item-body><qti-response-processing
 template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/><qti-modal-feedback
 identifier="a" outcome-identifier="F" show-hide="show"><qti-content-body><p>因为</p></qti-content-body>
</qti-modal-feedback></qti-assessment-item>"""


SIMPLE = {"type": "single_choice", "stem": "问", "options": ["甲", "乙", "丙"], "answer": ["B"]}


def test_items_of_qti_3_are_read() -> None:
    draft = one(THREE)
    assert draft.fields == {
        **SIMPLE,
        "explanation": "因为",
    }
    assert draft.notes == ()
    assert guessed(THREE.encode(), "x.xml") is Qti3


@pytest.mark.parametrize(
    "space", ["http://www.imsglobal.org/xsd/imsqti_v2p0", "http://www.imsglobal.org/xsd/imsqti_v2p2", ""]
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_editions_and_encodings_of_2_are_read(space: str, encoding: str) -> None:
    raw = ("<!-- 说明 <qti-x> -->" + SINGLE.replace(SPACE, space)).encode(encoding)
    assert one(raw).fields["answer"] == ["B"]
    assert guessed(raw, "x.xml") is Qti21


def test_a_document_may_hold_several_items() -> None:
    found = reading(f"<items>{SINGLE}{item('<p>无</p>')}{SINGLE}</items>")
    assert [str(each.place) for each in found.drafts] == ["第1题", "第3题"]
    assert [str(each.place) for each in found.faults] == ["第2题"]


LOM = """<lom><educational><difficulty><source>LOMv1.0</source><value>difficult</value></difficulty>
</educational><general><keyword><string>常考</string></keyword></general><classification><taxonPath><source><string>Grade</string>
</source><taxon><entry><string>7</string></entry></taxon></taxonPath></classification><classification><taxonPath>
<source><string>Subject</string></source><taxon><entry><string>售后</string></entry></taxon><taxon><entry><string>退货
</string></entry></taxon></taxonPath></classification></lom>"""


def test_the_manifest_tells_order_difficulty_topic_and_key_words() -> None:
    listed = manifest(resource("b.xml"), resource("a%20b.xml", LOM), resource("gone.xml"))
    raw = package(imsmanifest_xml=listed, **{"a b_xml": SINGLE, "b_xml": SINGLE})
    found = Qti21.read(raw, "x.zip")
    assert [str(each.place) for each in found.drafts] == ["b.xml", "a b.xml"]
    last = found.drafts[1]
    assert (last.topic, last.fields["difficulty"], last.tags) == ("售后/退货", 3, ("常考",))
    assert [(str(each.place), each.message[:20]) for each in found.faults] == [
        ("gone.xml", "没有读取：目录里列出了这个文件，压缩包里")
    ]


def test_folders_are_topics_where_they_part_the_items() -> None:
    listed = manifest(*(resource(f"items/{path}.xml") for path in ("a/1", "a/2", "b/3")))
    raw = package(
        imsmanifest_xml=listed, items__a__1_xml=SINGLE, items__a__2_xml=SINGLE, items__b__3_xml=SINGLE
    )
    assert [each.topic for each in Qti21.read(raw, "x.zip").drafts] == ["a", "a", "b"]
    listed = manifest(*(resource(f"{path}/qti.xml") for path in "ab"))
    raw = package(imsmanifest_xml=listed, a__qti_xml=SINGLE, b__qti_xml=SINGLE)
    assert [each.topic for each in Qti21.read(raw, "x.zip").drafts] == ["", ""]


def test_items_that_no_manifest_lists_are_read_too_and_other_files_left_alone() -> None:
    test = f'<assessmentTest xmlns="{SPACE}"/>'
    raw = package(
        a_xml=SINGLE, test_xml=test, pic=b"\x89PNG", broken_xml="<assessmentItem>", dir__b_xml=THREE
    )
    found = Qti21.read(raw, "x.zip")
    assert [str(each.place) for each in found.drafts] == ["a.xml", "dir/b.xml"]
    assert [str(each.place) for each in found.faults] == ["broken.xml"]


OLD = (
    '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><item ident="1"/></questestinterop>'
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (OLD, r"QTI 1\.2（questestinterop）的试题。请在原系统里导出QTI 2\.1或3\.0"),
        (f'<assessmentTest xmlns="{SPACE}"/>', "试卷文件"),
        (manifest(), "目录文件"),
        ("<quiz/>", "没有QTI试题"),
        ("<assessmentItem", "XML不完整"),
        (
            "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><assessmentItem>&b;</assessmentItem>",
            "DOCTYPE",
        ),
    ],
)
def test_a_file_without_items_is_refused_with_what_it_is(text: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        reading(text)
    if reason != "没有QTI试题":
        assert guessed(text.encode(), "x.xml") is Qti21


def test_a_package_of_old_items_is_refused_by_name_and_one_among_new_ones_is_a_fault() -> None:
    with pytest.raises(UnreadableError, match=r"QTI 1\.2"):
        Qti21.read(
            package(imsmanifest_xml=manifest(resource("q.xml", kind="imsqti_xmlv1p2")), q_xml=OLD), "x.zip"
        )
    found = Qti21.read(package(a_xml=OLD, b_xml=SINGLE), "x.zip")
    assert (len(found.drafts), [str(each.place) for each in found.faults]) == (1, ["a.xml"])


def test_a_broken_package_is_taken_for_qti_and_refused() -> None:
    whole = package(a_xml=SINGLE)
    for raw in (whole[: len(whole) // 2], b"PK\x03\x04", b"PK"):
        assert guessed(raw, "x.zip") is Qti21
        with pytest.raises(UnreadableError):
            Qti21.read(raw, "x.zip")


# hostile


def hostile() -> dict[str, bytes]:
    many = "".join(f'<simpleChoice identifier="c{index}">x</simpleChoice>' for index in range(60_000))
    entries = {f"k{index}": "1" for index in range(40_000)}
    blanks = "".join(f'<textEntryInteraction responseIdentifier="R{index}"/>' for index in range(60_000))
    words = '<hottext identifier="a">' * 60 + "长" * 3_000_000 + "</hottext>" * 60
    documents = {
        "options": item(asked("choiceInteraction", many), declared("c1")),
        "answers": item(choice("甲", "乙"), declared("A", **entries)),
        "values": item(asked("textEntryInteraction"), declared(*entries, base="string", **entries)),
        "blanks": item(f"<p>{blanks}</p>", declared("A")),
        "deep": f"<a>{item('<div>' * 90 + 'x' + '</div>' * 90) * 1_400}</a>",
        "hottext": item(asked("hottextInteraction", words), declared("a")),
        "items": f"<a>{'<assessmentItem/>' * 100_000}</a>",
        "unclosed": "<a><!--" + "<!--" * 1_000_000,
        "labels": item(choice("甲", "乙"), declared("A"), toolName="cstrain").replace(
            "<itemBody", f"<itemBody label='{'[' * 150_000}'"
        ),
        "cdata": item(choice("<![CDATA[<p>" + "</p> " * 500_000 + "x]]>", "乙"), declared("A")),
    }
    listed = manifest(*(f'<resource type="imsqti_item" href="{index}"/>' for index in range(100_000)))
    packages = {
        "files": package(**{f"{index}_xml": f"<a>{'<b/>' * 140_000}</a>" for index in range(40)}),
        "resources": package(imsmanifest_xml=listed),
    }
    return {name: text.encode() for name, text in documents.items()} | packages


def test_what_a_mac_adds_to_an_archive_is_no_fault() -> None:
    good = item(choice("甲", "乙"), declared("A"))
    added = {"__MACOSX/._i.xml": b"\0\x05\x16\x07\xff", "a/._j.xml": b"\0\x05\x16\x07\xff"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in {"i.xml": good.encode(), **added}.items():
            archive.writestr(name, data)
    found = reading(out.getvalue())
    assert len(found.drafts) == 1 and found.faults == ()


HOSTILE: dict[str, Any] = hostile()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_or_read_in_bounds(name: str) -> None:
    raw = HOSTILE[name]
    guessed(raw, "x.zip" if raw.startswith(b"PK") else "x.xml")
    tracemalloc.start()
    with contextlib.suppress(UnreadableError):
        reading(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64_000_000
