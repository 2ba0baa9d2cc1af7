"""Shapes of input of the audit pages."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField


class CheckpointForm(FlaskForm):
    """A checkpoint that was kept elsewhere."""

    file = FileField(lazy_gettext("检查点文件"))
