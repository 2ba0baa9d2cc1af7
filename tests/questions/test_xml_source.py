"""XML from outside: nothing is fetched, declared or unfolded; what is out of bounds is refused at once."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstrain.questions.exchange.contract import MOST_BYTES, UnreadableError
from cstrain.questions.exchange.xml_source import items_of, local, parse_xml

FULL = MOST_BYTES - 1000
BOMB = b"<!DOCTYPE l [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;'>]><l>&b;</l>"
HOSTILE = {
    "bomb": (BOMB, "DOCTYPE"),
    "external entity": (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "DOCTYPE"),
    "parameter entity": (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://x/">%x;]><a/>', "DOCTYPE"),
    "plain doctype": (b"<!DOCTYPE html><a/>", "DOCTYPE"),
    "doctype in utf-16": ("<!DOCTYPE a><a/>".encode("utf-16"), "DOCTYPE"),
    "20,000 deep": (b"<a>" * 20_000 + b"</a>" * 20_000, "嵌套过深"),
    "deep and big": (b"<a>" * (FULL // 3), "嵌套过深"),
    "20 MB": (b"<a>" + b"x" * 20_000_000 + b"</a>", "超过10MB"),
    "elements": (b"<q>" + b"<a/>" * (FULL // 4) + b"</q>", "太多"),
    "attributes": (b"<q>" + b"<a a='' b='' c='' d='' e=''/>" * 200_000 + b"</q>", "太多"),
    "attributes of one": (b"<q " + b"".join(b'a%d="" ' % i for i in range(900_000)) + b"/>", "不像正常"),
    "names": (b"<q>" + b"".join(b"<a%d/>" % i for i in range(5_000)) + b"</q>", "不像正常"),
    "long namespace": (b"<q xmlns='" + b"x" * 100_000 + b"'><a/></q>", "不像正常"),
    "long tag": (b"<q a='" + b"x" * FULL + b"'/>", "不像正常"),
    "long name": (b"<q" + b"x" * FULL + b"/>", "不像正常"),
    "long comment": (b"<q><!--" + b"x" * FULL + b"--></q>", "不像正常"),
    "tag without end": (b"<q " + b"x" * FULL, "不像正常"),
    "cdata without end": (b"<q><![CDATA[" + b"x" * FULL, "不完整"),
    "half a file": ((b"<q>" + b"<a>text</a>" * 10_000)[:-5], "不完整"),
    "unknown entity": (b"<q>&nbsp;</q>", "不完整"),
    "two roots": (b"<a/><b/>", "不完整"),
    "empty": (b"", "不完整"),
    "blank": (b" \n" * 1000, "不完整"),
    "a package": (b"PK\x03\x04" + b"\x00" * 1000, "不完整"),
    "control character": (b"<q>\x07</q>", "不完整"),
    "not the declared encoding": (
        "<?xml version='1.0' encoding='UTF-8'?><q>中</q>".encode("gbk"),
        "编码不对",
    ),
    "not utf-8": ("<q>中文</q>".encode("gbk"), "编码不对"),
    "broken gbk": (b"<?xml version='1.0' encoding='gbk'?><q>\xff\xff</q>", "编码不对"),
    "half utf-16": ("<q>中</q>".encode("utf-16")[:-1], "编码不对"),
    "utf-32": ("<q/>".encode("utf-32"), "编码不对"),
    "utf-7": (b"<?xml version='1.0' encoding='utf-7'?><q>+ADw-</q>", "不支持文字编码"),
    "unknown encoding": (b"<?xml version='1.0' encoding='x-nothing'?><q/>", "不支持文字编码"),
}


@pytest.mark.parametrize(("raw", "message"), HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("read", [parse_xml, items_of])
def test_what_is_malicious_or_broken_is_refused(read: object, raw: bytes, message: str) -> None:
    with pytest.raises(UnreadableError, match=message):
        read(raw)  # type: ignore[operator]


MEASURED = """
import sys
from tests.questions.test_xml_source import HOSTILE
from cstrain.questions.exchange.contract import UnreadableError
from cstrain.questions.exchange.xml_source import parse_xml
raw = HOSTILE[sys.argv[1]][0]
HOSTILE.clear()
open("/proc/self/clear_refs", "w").write("5")
def kilobytes(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name))
before = kilobytes("VmRSS")
try:
    parse_xml(raw)
except UnreadableError:
    print(kilobytes("VmHWM") - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux tells it")
@pytest.mark.parametrize("name", ["elements", "attributes of one", "deep and big", "long tag", "20 MB"])
def test_refusing_takes_little_memory(name: str) -> None:
    limits = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}
    try:
        grown = subprocess.run(
            [sys.executable, "-c", MEASURED, name], env=limits, capture_output=True, check=True, text=True
        ).stdout
    except subprocess.CalledProcessError as error:
        if "clear_refs" in error.stderr:
            pytest.skip("the kernel does not let a process reset its own measures")
        raise
    assert int(grown) < 64_000


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ("", "utf-16-be"),
        ("utf-16", "utf-16-le"),
        ("UTF-8", "utf-8"),
        ("UTF-16", "utf-16"),
        ("utf-16", "utf-8"),
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("gb18030", "gb18030"),
        ("gb2312", "utf-8-sig"),
    ],
)
def test_chinese_is_read_in_every_encoding_that_is_said_or_marked(said: str, encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{said}"?>\n' if said else ""
    assert parse_xml(f"{head}<q>退货“7天” 镕 😀</q>".encode(encoding)).text == "退货“7天” 镕 😀"


def test_western_encodings_are_read_where_they_are_declared() -> None:
    for said, raw in (("ISO-8859-1", b"caf\xe9"), ("windows-1252", b"\x93x\x94"), ("us-ascii", b"x")):
        root = parse_xml(b"<?xml version='1.0' encoding='" + said.encode() + b"'?><q>" + raw + b"</q>")
        assert root.text == raw.decode("cp1252")


def test_names_lose_their_namespace() -> None:
    root = parse_xml(b"<a xmlns='urn:x'><b/></a>")
    assert [local(root), local(root[0])] == ["a", "b"]


@given(texts=st.lists(st.text("ab<>&]中 \n", max_size=20), max_size=30))
def test_the_items_of_a_long_list_are_those_of_the_tree(texts: list[str]) -> None:
    safe = [text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for text in texts]
    raw = (
        "<q>" + "".join(f"<a i='{i}'><b>{text}</b>x</a>\n" for i, text in enumerate(safe)) + "</q>"
    ).encode()
    name, items = items_of(raw)
    found = [(each.get("i"), each.findtext("b")) for each in items]
    assert (name, found) == ("q", [(each.get("i"), each.findtext("b")) for each in parse_xml(raw)])


def test_a_list_may_be_longer_than_a_tree_but_none_of_its_items() -> None:
    raw = b"<q>" + b"<a><b/></a>" * 100_000 + b"</q>"
    assert sum(len(each) for each in items_of(raw)[1]) == 100_000
    with pytest.raises(UnreadableError, match="太多"):
        parse_xml(raw)
    with pytest.raises(UnreadableError, match="太多"):
        items_of(b"<q><a>" + b"<b/>" * 30_000 + b"</a></q>")


def test_items_may_lie_deeper_than_the_root() -> None:
    raw = b"<d><head><x/></head><body>" + b"<p><r><t>1</t></r></p>" * 80_000 + b"</body></d>"
    name, found = items_of(raw, 2)
    tags = [each.tag for each in found]
    assert (name, tags[0], len(tags)) == ("d", "x", 80_001)
    with pytest.raises(UnreadableError, match="太多"):
        items_of(b"<d><body><p>" + b"<r/>" * 30 + b"</p></body></d>", 2, 20)
