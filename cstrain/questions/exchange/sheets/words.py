"""The words of question sheets: how other systems and people call columns, types, answers, levels. Data.

Every list begins with the word that our own sheets use. Words are compared as ``plain`` leaves them.
"""

from __future__ import annotations

import re

from cstrain.questions.folding import fold

_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>")
_NOTHING = re.compile(r"[\s*:_\-.,/]+")


def plain(text: str) -> str:
    """Return a heading as it is compared: folded, without what stands in brackets, stars and spaces."""
    return _NOTHING.sub("", _IN_BRACKETS.sub("", fold(text[:200])))


HEADS: dict[str, tuple[str, ...]] = {
    "type": ("题型", "题目类型", "试题类型", "问题类型", "类型", "题类", "type", "questiontype", "qtype"),
    "stem": (
        *("题干", "题目", "试题", "问题", "题目内容", "试题内容", "问题内容", "题干内容", "题目描述"),
        *("问题描述", "试题题干", "试题描述", "题目名称", "试题名称", "题目标题", "内容", "标题"),
        *("question", "questiontext", "stem", "content", "title", "questioncontent"),
    ),
    "options": ("选项", "备选项", "备选答案", "候选项", "选项列表", "options", "choices"),
    "count": ("选项数", "选项数量", "选项个数", "optioncount"),
    "answer": (
        *("答案", "正确答案", "标准答案", "参考答案", "试题答案", "题目答案", "正确选项", "正确项"),
        *("answer", "correctanswer", "rightanswer", "correct", "key"),
    ),
    "explanation": (
        *("解析", "试题解析", "答案解析", "题目解析", "整体解析", "试题讲解", "讲解", "解释", "说明"),
        *("答题解析", "解题思路", "explanation", "analysis", "rationale"),
    ),
    "difficulty": (
        *("难度", "题目难度", "试题难度", "难易程度", "难易度", "难度等级", "难度级别"),
        *("difficulty", "difficultylevel", "level"),
    ),
    "ease": ("难度系数", "难度值", "通过率", "正确率"),
    "topic": (
        *("知识点", "分类", "所属知识点", "知识点名称", "题目分类", "试题分类", "题库", "所属题库"),
        *("所属分类", "类别", "主题", "知识类", "知识分类", "知识关键点", "所属范围"),
        *("topic", "category", "knowledgepoint", "bank"),
    ),
    "subject": ("专业", "科目", "学科", "subject"),
    "course": ("课程", "所属课程", "course"),
    "chapter": ("章节", "章", "chapter", "section"),
    "tags": ("标签", "关键字", "关键词", "tags", "tag", "keywords"),
    "source": ("出处", "来源", "题目来源", "试题来源", "source", "reference"),
    "rubric": ("评分标准", "评分要点", "得分点", "采分点", "评分细则", "rubric"),
    "length": ("字数", "字数限制", "字数上限", "wordlimit"),
    "situation": ("情景题", "是否情景题"),
    "id": ("编号", "题目编号", "试题编号", "题目id", "试题id", "questionid"),
    "serial": ("序号", "题号", "题目序号", "试题序号", "id", "no", "number", "questionno"),
    "marks": ("分值", "分数", "得分", "每题分值", "题目分值", "score", "points", "mark", "marks"),
    "status": ("状态", "试题状态", "题目状态", "启用状态", "status"),
    "version": ("规则版本", "版本", "version"),
    "media": (
        *("题目图片", "题干图片", "试题图片", "图片", "题目视频", "题干视频", "视频", "音频", "附件"),
        *("image", "video", "audio", "attachment", "attachmenturl"),
    ),
    "cap": ("题帽", "题帽题", "是否题帽题", "共用题干", "共用材料题干", "材料"),
    "topic_id": ("知识点id", "题库id", "分类id"),
    "option_text": ("选项内容", "optiontext", "optioncontent"),
    "option_right": ("是否正确项", "是否正确", "是否正确选项", "是否为正确答案", "iscorrect"),
    "option_why": ("选项解析",),
    "option_media": ("选项图片",),
    "reason": ("原因",),
}
"""The fields of a question sheet and what their columns are called; ``reason`` is our own first column of
refused rows."""

FIELD_OF = {word: name for name, words in HEADS.items() for word in words}

_NUMERALS = "一二三四五六七八九十"
_OPTION = re.compile(
    r"(?:(?P<word>答案选项|答案|备选答案|备选项|候选项|选项|选择项|option|choice|iscorrect)"
    r"(?P<mark>[a-n]|[0-9]{1,2}|[一二三四五六七八九十])|(?P<letter>[a-n])(?P<bare>选项|项|option)?)"
    r"(?P<what>内容|文本|是否正确|是否正确项|是否正确答案|正确|图片|解析)?"
)
_WHATS = {
    None: "text",
    "内容": "text",
    "文本": "text",
    "图片": "media",
    "解析": "why",
    "正确": "right",
    "是否正确": "right",
    "是否正确项": "right",
    "是否正确答案": "right",
}


def option_of(word: str) -> tuple[int, str] | None:
    """Return which option (from 0) a heading means and what of it (text, right, media, why), if any.

    The index is -1 for a heading that counts from 0 (``选项0``).
    """
    match = _OPTION.fullmatch(word)
    if match is None:
        return None
    mark = match["mark"] or match["letter"]
    if mark in _NUMERALS:
        index = _NUMERALS.index(mark)
    else:
        index = int(mark) - 1 if mark.isdecimal() else ord(mark) - ord("a")
    return index, "right" if match["word"] == "iscorrect" else _WHATS[match["what"]]


TYPES: dict[str, tuple[str, ...]] = {
    "single_choice": (
        *("单选题", "单选", "单项选择题", "单项选择", "单项", "单选择题", "singlechoice", "single"),
        *("radio", "singleselect"),
    ),
    "multiple_choice": (
        *("多选题", "多选", "多项选择题", "多项选择", "多项", "多选择题", "multiplechoice", "multiple"),
        *("checkbox", "multi", "multiselect", "multichoice"),
    ),
    "true_false": (
        *("判断题", "判断", "是非题", "是非", "对错题", "正误题", "判断正误", "truefalse", "tf", "judge"),
        *("judgment", "judgement", "boolean"),
    ),
    "fill_in": ("填空题", "填空", "fillin", "fillintheblank", "fillblank", "blank", "fill", "cloze"),
    "number": ("数字题", "数值题", "数字", "数值", "numerical", "numeric"),
    "matching": ("配对题", "配对", "连线题", "连线", "匹配题", "匹配", "matching", "match"),
    "ordering": ("排序题", "排序", "顺序题", "ordering", "order", "sequence"),
    "short_answer": (
        *("简答题", "简答", "问答题", "问答", "简述题", "名词解释", "名词解释题", "shortanswer", "short"),
        *("written", "qa"),
    ),
    "essay": ("论述题", "论述", "作文", "作文题", "写作题", "分析题", "案例分析题", "案例分析", "essay"),
    "choice": ("选择题", "选择", "客观题", "choice"),
    "indefinite": ("不定项选择题", "不定项选择", "不定项", "不定项题", "任选题"),
}
"""Types by the words for them. ``choice`` and ``indefinite`` are single or multiple by their answer."""

TYPE_OF = {word: name for name, words in TYPES.items() for word in words}

ELSEWHERE = ("打字题", "口试题", "操作题", "会话题", "对话题", "案例题", "组合题", "材料题", "完形填空")
"""Types that no row of a sheet can hold."""

USUAL_CODES = {"1": "single_choice", "2": "multiple_choice", "3": "true_false"}
"""What most systems mean by a number in the column of types; taken only where the row itself agrees."""

TRUE = frozenset(("对", "正确", "√", "✓", "✔", "☑", "t", "true", "是", "1", "y", "yes", "right"))
FALSE = frozenset(
    (
        "错",
        "错误",
        "不对",
        "不正确",
        "×",
        "✕",
        "✖",
        "✗",
        "✘",
        "x",
        "f",
        "false",
        "否",
        "0",
        "n",
        "no",
        "wrong",
    )
)
SURE = frozenset(("对", "正确", "√", "✓", "✔", "true", "错", "错误", "×", "✗", "✘", "false", "t", "f"))
"""Answers that make a question without options a true/false question even where no type is written."""

OPTION_TRUE = frozenset(("对", "正确", "√", "✓", "✔", "true", "是"))
OPTION_FALSE = frozenset(("错", "错误", "不对", "不正确", "×", "✗", "✘", "false", "否"))
"""Two options, one of each, make a true/false question."""

DIFFICULTIES = {
    **dict.fromkeys(("易", "容易", "简单", "低", "初级", "较易", "较简单", "easy", "low", "simple"), 1),
    **dict.fromkeys(("中", "中等", "一般", "普通", "适中", "中级", "medium", "normal", "middle"), 2),
    **dict.fromkeys(("难", "困难", "高", "高级", "较难", "复杂", "hard", "difficult", "high"), 3),
}

GUIDES = frozenset(("说明", "填写说明", "导入说明", "使用说明", "帮助", "guide", "readme"))
"""Sheets by these names hold no questions."""
