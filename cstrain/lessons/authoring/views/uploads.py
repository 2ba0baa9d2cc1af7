"""The files that come along with a page: read before the unit of work begins, kept within it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.lessons.authoring.facts import Content
from cstrain.lessons.authoring.forms import PageForm
from cstrain.lessons.facts import Attachment
from cstrain.media import service as media
from cstrain.media.facts import StoredFile
from cstrain.media.queries import stored_files

_BRACKETS = re.compile(r"[\[\]\\<>!`*_]")


class Uploads:
    """What was chosen beside the text: a picture, a video, attachments.

    Unpacking a picture takes a while; it is done at once, while nobody waits for this unit of work. Raises
    ``DomainError``.
    """

    def __init__(self, form: PageForm) -> None:
        picture = form.picture.data
        self._picture = media.remade(picture.stream.read(media.MOST_PICTURE + 1)) if picture else None
        self._picture_name = (picture.filename or "") if picture else ""
        self._video = form.video_file.data
        self._video_kept = form.video_kept.data or ""
        self._files = [each for each in form.files.data or () if each]

    def added(self, content: Content, by: PersonId, at: datetime) -> Content:
        """Keep the files and return the page with them: the picture at the end of its text."""
        if self._picture is not None:
            kept = media.keep_made(self._picture, self._picture_name, by, at)
            content = replace(content, body=f"{content.body.rstrip()}\n\n{picture_line(kept)}\n".lstrip())
        if self._video:
            content = replace(content, video=_video(self._video, by, at).url)
        elif self._video_kept:
            content = replace(content, video=_kept_video(self._video_kept).url)
        beside = list(content.attachments)
        for upload in self._files:
            one = media.keep_file(upload.stream, upload.filename or "", by, at)
            if one.digest not in {each.digest for each in beside}:
                beside.append(Attachment(one.digest, one.name, one.size))
        return replace(content, attachments=tuple(beside))


def _video(upload: Any, by: PersonId, at: datetime) -> StoredFile:
    kept = media.keep_file(upload.stream, upload.filename or "", by, at, most_bytes=media.MOST_VIDEO_AT_ONCE)
    if not kept.is_video:
        raise DomainError("视频没有保存：只收mp4和webm。请转换格式后再传。")
    return kept


def _kept_video(digest: str) -> StoredFile:
    """Return a video that was sent in pieces before the form."""
    found = stored_files([digest]).get(digest)
    if found is None or not found.is_video:
        raise DomainError("没有找到传好的视频。请重新选择视频，传完再保存。")
    return found


def picture_line(kept: StoredFile) -> str:
    """Return the Markdown that shows a picture, with its name as the words for who cannot see it."""
    words = _BRACKETS.sub(" ", kept.name.rpartition(".")[0]).strip()
    return f"![{words}]({kept.url})"
