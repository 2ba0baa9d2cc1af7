"""Fetching stored files, whole or in part; uploading a picture from an editor, and a video in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, jsonify, request, stream_with_context
from werkzeug.datastructures import ContentRange

from cstrain.access import actor, requires, signed_in
from cstrain.extensions import now, stop_reading
from cstrain.kernel.errors import DomainError
from cstrain.media import queries, service, uploading
from cstrain.media.facts import StoredFile, Upload
from cstrain.ui.forms import clean
from cstrain.ui.refusal import told
from cstrain.unit_of_work import own_transaction, unit_of_work

blueprint = Blueprint("media", __name__)
blueprints = [blueprint]

_AT_ONCE = 4 * 1024 * 1024
_MOST_WORDS, _MOST_NAME = 4096, 200
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=31536000, immutable",
    "Accept-Ranges": "bytes",
}


@blueprint.get("/files/<digest>")
@signed_in
def file(digest: str) -> Response:
    """Hand a file out: pictures and videos to be shown, everything else to be saved."""
    found = queries.stored_file(digest)
    stop_reading()
    if request.if_none_match.contains(digest):
        return _dressed(Response(status=304), found)
    wanted = _one_range()
    part = _within(wanted, found.size) if wanted else (0, found.size)
    if part is None:
        answer = Response(status=416)
        answer.content_range = ContentRange("bytes", None, None, found.size)
        return _dressed(answer, found)
    start, end = part
    answer = Response(stream_with_context(_sent(digest, start, end)), mimetype=found.mime)
    answer.content_length = end - start
    if wanted is not None:
        answer.status_code = 206
        answer.content_range = ContentRange("bytes", start, end, found.size)
    return _dressed(answer, found)


def _sent(digest: str, start: int, end: int) -> Iterator[bytes]:
    """Yield the bytes; who receives them slowly keeps no transaction open."""
    for piece in queries.chunks(digest, start, end):
        stop_reading()
        yield piece


def _one_range() -> tuple[int, int | None] | None:
    """Return the one range of bytes that is asked for; several at once, or other units, are nothing to us."""
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return None
    return wanted.ranges[0]


def _within(wanted: tuple[int, int | None], size: int) -> tuple[int, int] | None:
    """Return the bytes of a range that are there; ``None`` for none.

    An open end gets a part: players ask for more, and nobody's slow line keeps a thread waiting.
    """
    first, last = wanted
    start = max(0, first + size) if first < 0 else first
    if start >= size:
        return None
    return start, min(size, start + _AT_ONCE if last is None else last)


def _dressed(answer: Response, found: StoredFile) -> Response:
    answer.headers.update(_HEADERS)
    answer.set_etag(found.digest)
    if not found.is_picture and not found.is_video:
        name = f"UTF-8''{quote(found.name, safe='')}"
        answer.headers.set("Content-Disposition", "attachment", **{"filename*": name})
    return answer


@blueprint.post("/files")
@requires("bank.edit")
@own_transaction
def keep() -> Any:
    """Keep a picture for an editor's page; answers in JSON, a refusal with 422 and its sentence.

    The picture is read before the unit of work begins its writing: unpacking it takes a while.
    """
    upload = request.files.get("file")
    if upload is None:
        return _refusal(DomainError("没有收到图片。请先选择一个文件。"))
    try:
        picture = service.remade(upload.stream.read(service.MOST_PICTURE + 1))
        with unit_of_work():
            kept = service.keep_made(picture, upload.filename or "", actor(), now())
    except DomainError as error:
        return _refusal(error)
    return jsonify(digest=kept.digest, url=kept.url, width=kept.width, height=kept.height, name=kept.name)


def _refusal(error: DomainError) -> tuple[Any, int]:
    return jsonify(error=told(error)), 422


@blueprint.url_value_preprocessor
def _limits(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Take no more of a request than its route needs: before anything of it is read."""
    if endpoint == "media.receive":
        request.max_content_length = uploading.SENT
    elif endpoint == "media.begin":
        request.max_content_length = _MOST_WORDS


@blueprint.post("/files/uploads")
@requires("lesson.write")
@own_transaction
def begin() -> Any:
    """Begin to receive a video: JSON with ``name`` and ``size`` (bytes); answers where its pieces go."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    found = body if isinstance(body, dict) else {}
    name, size = found.get("name"), found.get("size")
    if not isinstance(name, str) or type(size) is not int:
        raise DomainError("没有收到视频的名称和大小。请重新选择视频。")
    name = clean(name).encode("utf-8", "replace").decode()[:_MOST_NAME]  # JSON can hold half a sign
    person, at = actor(), now()
    with unit_of_work():
        upload = uploading.begin(person, at, name, size)
    return jsonify({**_far(upload), "piece": uploading.SENT})


@blueprint.post("/files/uploads/<token>/<int:number>")
@requires("lesson.write")
@own_transaction
def receive(token: str, number: int) -> Any:
    """Receive a piece of a video: the request's body as it is."""
    data, person, at = request.get_data(cache=False), actor(), now()
    with unit_of_work():
        upload = uploading.receive(person, at, token, number, data)
    return jsonify(_far(upload))


@blueprint.post("/files/uploads/<token>/finish")
@requires("lesson.write")
@own_transaction
def finish(token: str) -> Any:
    """Keep a video that has come whole. It is read through before the unit of work begins its writing."""
    person, at = actor(), now()
    digest = uploading.digest_of(person, token)
    with unit_of_work():
        kept = uploading.finish(person, at, token, digest)
    return jsonify(digest=kept.digest, url=kept.url, name=kept.name, mime=kept.mime, size=kept.size)


@blueprint.post("/files/uploads/<token>/cancel")
@requires("lesson.write")
@own_transaction
def cancel(token: str) -> Any:
    """Take away what has come of a video."""
    person = actor()
    with unit_of_work():
        uploading.cancel(person, token)
    return jsonify(cancelled=True)


def _far(upload: Upload) -> dict[str, Any]:
    return {"token": upload.token, "size": upload.size, "received": upload.received}
