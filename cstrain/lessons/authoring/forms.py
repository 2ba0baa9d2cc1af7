"""Shapes of input for writing lessons. Choices are handed in by the views; no query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, MultipleFileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError

from cstrain.lessons.authoring.facts import Content
from cstrain.lessons.authoring.rules import (
    LAST_DAY,
    MOST_BODY,
    MOST_HANDBOOK,
    MOST_LINK,
    MOST_NOTE,
    MOST_TITLE,
    is_safe_link,
)
from cstrain.lessons.facts import Attachment
from cstrain.ui.forms import CleanForm, at_most, chosen, needed
from cstrain.ui.prose import stored_digest

_DIGEST = 64


class _DayField(IntegerField):
    """A day of the programme."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a whole number from 1 to ``LAST_DAY``."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = int(text) if text.isdecimal() and len(text) <= 3 else None
        if text and (self.data is None or not 1 <= self.data <= LAST_DAY):
            self.data = None
            raise ValueError(gettext("请填1到%(most)s的整数。", most=LAST_DAY))


def _must_be_files(sent: list[Any]) -> None:
    """Refuse a file that arrives as a text: the server takes a name that ends with a backslash for none."""
    if any(isinstance(each, str) and each for each in sent):
        raise ValueError(gettext("有个文件的名字里有反斜线，没有收到。请改名后再传。"))


class _FileField(FileField):
    """One file; none without a word about it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the file, if one was chosen."""
        _must_be_files(valuelist)
        super().process_formdata(valuelist)


class _FilesField(MultipleFileField):
    """Several files; none without a word about it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the files that were chosen."""
        _must_be_files(valuelist)
        super().process_formdata(valuelist)


class PlaceForm(CleanForm):
    """A page's title and where it is listed."""

    title = StringField(lazy_gettext("课文标题"), validators=[needed(), at_most(MOST_TITLE)])
    kind = RadioField(lazy_gettext("放在哪里"), validators=[chosen()], default="daily")
    day = _DayField(lazy_gettext("第几天"), validators=[Optional()])
    handbook = SelectField(lazy_gettext("哪本手册"), validators=[Optional()])
    new_handbook = StringField(
        lazy_gettext("新手册的名称"),
        validators=[at_most(MOST_HANDBOOK)],
        description=lazy_gettext("选了“新手册”才要填。"),
    )

    def offer(self, handbooks: Iterable[tuple[str, str]]) -> None:
        """Set the choices: the handbooks there are, by name and title, and a new one."""
        self.kind.choices = [("daily", gettext("每日课")), ("handbook", gettext("手册页"))]
        self.handbook.choices = [*handbooks, ("", gettext("新手册"))]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, then that the place is whole."""
        if not super().validate(extra_validators):
            return False
        if self.kind.data == "daily" and self.day.data is None:
            self.day.errors = [gettext("每日课要填第几天。")]
            return False
        if self.kind.data == "handbook" and not (self.handbook.data or self.new_handbook.data):
            self.new_handbook.errors = [gettext("请选一本手册，或者填新手册的名称。")]
            return False
        return True

    def place(self, body: str, video: str | None = None, beside: tuple[Attachment, ...] = ()) -> Content:
        """Return what was typed as a page with this text; a new handbook's title is its name."""
        daily = self.kind.data == "daily"
        titles = {str(title): name for name, title in self.handbook.choices or ()}
        new = self.new_handbook.data or ""
        handbook = None if daily else self.handbook.data or titles.get(new, new)
        day = self.day.data if daily else None
        return Content(self.title.data or "", str(self.kind.data), day, handbook, body, video, beside)


class PageForm(PlaceForm):
    """A whole page, with files to be added."""

    body = TextAreaField(lazy_gettext("正文（Markdown）"), validators=[at_most(MOST_BODY)])
    picture = _FileField(
        lazy_gettext("插入图片"),
        description=lazy_gettext("PNG、JPEG、WebP或GIF，最多8MB；保存时加在正文末尾。"),
    )
    video_link = StringField(
        lazy_gettext("视频链接"),
        validators=[at_most(MOST_LINK)],
        description=lazy_gettext("https://开头；读者点开后离开本系统。"),
    )
    video_file = _FileField(
        lazy_gettext("上传视频"),
        description=lazy_gettext(
            "mp4或webm，最多100MB；有了视频文件就不用链接。浏览器关掉了脚本时最多8MB，更大的请填视频链接。"
        ),
    )
    video_kept = HiddenField(lazy_gettext("上传视频"), validators=[at_most(_DIGEST)])
    drop_video = BooleanField(lazy_gettext("去掉现在的视频文件"))
    kept = SelectMultipleField(lazy_gettext("保留的附件"))
    files = _FilesField(
        lazy_gettext("添加附件"),
        description=lazy_gettext(
            "PDF、Word、Excel、PPT、txt、csv、zip，每个最多8MB，一课最多10个；一次保存最多传15MB，多的分几次。"
        ),
    )

    def hold(self, content: Content) -> None:
        """Set the choices of what is beside the page now."""
        self.kept.choices = [(each.digest, each.name) for each in content.attachments]

    def validate_video_link(self, field: StringField) -> None:
        """Refuse what is no link to a page outside."""
        if field.data and not is_safe_link(field.data):
            raise ValidationError(gettext("视频链接要以https://开头，请从视频网站复制完整的地址。"))

    def text(self) -> str:
        """Return the text with one kind of line end, ended by one."""
        body = (self.body.data or "").replace("\r\n", "\n").replace("\r", "\n")
        return f"{body}\n" if body else ""

    def typed(self, held: Content) -> Content:
        """Return the page as typed, with those of the held files that stay."""
        stays = held.video if held.video and stored_digest(held.video) and not self.drop_video.data else None
        kept = tuple(each for each in held.attachments if each.digest in (self.kept.data or ()))
        return self.place(self.text(), self.video_link.data or stays, kept)


class PublishForm(CleanForm):
    """What an author says about a new version."""

    note = StringField(
        lazy_gettext("改了什么"),
        validators=[needed(), at_most(MOST_NOTE)],
        description=lazy_gettext("读者和同事会在版本列表里看到，例如“退货期限改为15天”。"),
    )


def page_data(content: Content) -> dict[str, Any]:
    """Return a page's content as the form's values."""
    outside = content.video and not stored_digest(content.video)
    return {
        "title": content.title,
        "kind": content.kind,
        "day": content.day,
        "handbook": content.handbook or "",
        "body": content.body,
        "video_link": content.video if outside else "",
        "kept": [each.digest for each in content.attachments],
    }
