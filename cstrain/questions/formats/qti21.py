"""QTI 2.1: packages and single items are read (2.0 and 2.2 too), packages of 2.1 are written."""

from __future__ import annotations

from collections.abc import Sequence

from cstrain.questions.exchange.contract import FORMATS, Draft, ExchangeFormat, Reading, Written
from cstrain.questions.exchange.qti.bundle import Edition, write_qti
from cstrain.questions.exchange.qti.package import ZIP, manifest_of, read_qti, root_name

_EDITION = Edition(
    "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "QTIv2.1 Package",
    "1.0.0",
    "imsqti_item_xmlv2p1",
    lambda item: item,
)
_ROOTS = frozenset({"assessmentItem", "assessmentTest", "questestinterop", "manifest"})


@FORMATS.register("qti21")
class Qti21(ExchangeFormat):
    """Reads QTI of every edition from 2.0; QTI 1.2 is known and refused by name."""

    name = "qti21"
    label = "QTI 2.1"
    endings = (".qti21.zip", ".zip", ".xml")

    @classmethod
    def looks_right(cls, raw: bytes, name: str) -> bool:
        """Tell whether it is an item, or a package that is not of QTI 3.0 (a broken one too)."""
        if not raw.startswith(ZIP):
            return root_name(raw) in _ROOTS or name.lower().endswith(".zip")
        manifest = manifest_of(raw)
        return name.lower().endswith(".zip") if manifest is None else b"v3p0" not in manifest

    @classmethod
    def read(cls, raw: bytes, name: str) -> Reading:
        """Return the drafts of a package or document."""
        return read_qti(raw, name)

    @classmethod
    def write(cls, title: str, drafts: Sequence[Draft]) -> Written:
        """Return a package of QTI 2.1."""
        return write_qti(_EDITION, title, drafts)
