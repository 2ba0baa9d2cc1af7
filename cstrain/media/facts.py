"""What other packages may see of a stored file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cstrain.kernel.ids import PersonId


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it is kept: SHA-256 (hex) of its bytes, its cleaned name, its kind, its length in bytes.

    ``width`` and ``height`` (pixels) belong to pictures; ``kept_by`` is ``None`` for the system.
    """

    digest: str
    name: str
    mime: str
    size: int
    width: int | None
    height: int | None
    kept_by: PersonId | None
    kept_at: datetime

    @property
    def is_picture(self) -> bool:
        """Tell whether a page can show it as a picture."""
        return self.mime.startswith("image/")

    @property
    def is_video(self) -> bool:
        """Tell whether a page can play it."""
        return self.mime.startswith("video/")

    @property
    def url(self) -> str:
        """Where a signed-in person fetches it, without the host."""
        return f"/files/{self.digest}"


@dataclass(frozen=True, slots=True)
class Upload:
    """How far a file that is sent in pieces is: its token, its length and what has come of it, in bytes."""

    token: str
    size: int
    received: int
