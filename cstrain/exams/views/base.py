"""The blueprint of the exam pages, and how a refusal is said on a page that keeps its form."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("exams", __name__)
