"""Practice and results tell who may report a question as wrong."""

from __future__ import annotations

from cstrain.grading.practice.met import SeenAnswers
from cstrain.questions.slots import met_questions

met_questions.fill(SeenAnswers())
