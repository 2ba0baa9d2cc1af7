"""QTI items and packages as other authors write them, for the tests of reading."""

from __future__ import annotations

import io
import zipfile

from cstrain.questions.exchange.contract import Draft, Reading
from cstrain.questions.exchange.drafts import check
from cstrain.questions.formats.qti21 import Qti21

MATCH = (
    '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
)
MAP = MATCH.replace("match_correct", "map_response")
SPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"


def item(body: str, declared: str = "", processing: str = MATCH, more: str = "", **own: str) -> str:
    said = "".join(
        f' {name}="{value}"' for name, value in {"identifier": "i1", "title": "标题", **own}.items()
    )
    return (
        f'<assessmentItem xmlns="{SPACE}"{said}>{declared}'
        f"<itemBody>{body}</itemBody>{processing}{more}</assessmentItem>"
    )


def declared(
    *right: str, cardinality: str = "single", base: str = "identifier", name: str = "RESPONSE", **mapped: str
) -> str:
    values = "".join(f"<value>{value}</value>" for value in right)
    entries = "".join(
        f'<mapEntry mapKey="{key.replace("_", " ")}" mappedValue="{value}"/>' for key, value in mapped.items()
    )
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">'
        + (f"<correctResponse>{values}</correctResponse>" if right else "")
        + (f'<mapping defaultValue="0">{entries}</mapping>' if mapped else "")
        + "</responseDeclaration>"
    )


def choices(*texts: str, tag: str = "simpleChoice", **said: str) -> str:
    more = "".join(f' {name}="{value}"' for name, value in said.items())
    return "".join(
        f'<{tag} identifier="{chr(65 + index)}"{more}>{text}</{tag}>' for index, text in enumerate(texts)
    )


def asked(tag: str, inside: str = "", name: str = "RESPONSE", **said: str) -> str:
    more = "".join(f' {key}="{value}"' for key, value in said.items())
    return f'<{tag} responseIdentifier="{name}"{more}>{inside}</{tag}>'


def choice(*texts: str, prompt: str = "<prompt>问什么？</prompt>", **said: str) -> str:
    return asked("choiceInteraction", prompt + choices(*texts), **said)


def reading(text: str | bytes, name: str = "item.xml") -> Reading:
    return Qti21.read(text if isinstance(text, bytes) else text.encode(), name)


def one(text: str | bytes) -> Draft:
    found = reading(text)
    assert found.faults == ()
    (draft,) = found.drafts
    assert check(found, "b").faults == ()
    return draft


def fault(text: str) -> str:
    found = reading(text)
    assert found.drafts == ()
    (only,) = found.faults
    assert only.message.startswith("没有读取：")
    return only.message


def package(**files: str | bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return held.getvalue()


def manifest(*resources: str) -> str:
    return f"<manifest xmlns='http://www.imsglobal.org/xsd/imscp_v1p1'><resources>{''.join(resources)}</resources></manifest>"


def resource(href: str, about: str = "", kind: str = "imsqti_item_xmlv2p1") -> str:
    return (
        f'<resource type="{kind}" href="{href}"><metadata>{about}</metadata><file href="{href}"/></resource>'
    )


SINGLE = item(choice("甲", "乙", "丙"), declared("B"))
