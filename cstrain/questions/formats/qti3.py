"""QTI 3.0: packages and single items are read and written."""

from __future__ import annotations

from collections.abc import Sequence

from cstrain.questions.exchange.contract import FORMATS, Draft, ExchangeFormat, Reading, Written
from cstrain.questions.exchange.qti.bundle import Edition, write_qti
from cstrain.questions.exchange.qti.names import named_as_3p0
from cstrain.questions.exchange.qti.package import ZIP, manifest_of, read_qti, root_name

_EDITION = Edition(
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    "QTI Package",
    "3.0.0",
    "imsqti_item_xmlv3p0",
    named_as_3p0,
)


@FORMATS.register("qti3")
class Qti3(ExchangeFormat):
    """Reads and writes QTI 3.0; whatever older items a package holds are read too."""

    name = "qti3"
    label = "QTI 3.0"
    endings = (".qti3.zip", ".zip", ".xml")

    @classmethod
    def looks_right(cls, raw: bytes, name: str) -> bool:
        """Tell whether it is an item or a package of QTI 3.0."""
        if not raw.startswith(ZIP):
            return root_name(raw).startswith("qti-")
        return b"v3p0" in (manifest_of(raw) or b"")

    @classmethod
    def read(cls, raw: bytes, name: str) -> Reading:
        """Return the drafts of a package or document."""
        return read_qti(raw, name)

    @classmethod
    def write(cls, title: str, drafts: Sequence[Draft]) -> Written:
        """Return a package of QTI 3.0."""
        return write_qti(_EDITION, title, drafts)
