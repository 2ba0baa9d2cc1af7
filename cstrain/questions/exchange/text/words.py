"""The words of Chinese exam texts: types of questions, labels before answers and the rest, levels. Pure."""

from __future__ import annotations

from collections.abc import Mapping

CHOICE, CALCULATION = "choice", "calculation"
"""Kinds that leave open which of our types a question is."""
UNKNOWN = "?"
"""A kind that this text cannot hold."""

KINDS: Mapping[str, str] = {
    word: kind
    for kind, words in {
        "single_choice": "单项选择题 单项选择 单选题 单选",
        "multiple_choice": "多项选择题 多项选择 多选题 多选",
        CHOICE: "不定项选择题 不定项选择 不定项 选择题",
        "true_false": "判断正误题 判断正误 判断对错 是非判断题 判断题 是非题 对错题 判断",
        "fill_in": "填空题 填空",
        "number": "数字题 数值题",
        CALCULATION: "计算题",
        "matching": "配对题 匹配题 连线题 连线",
        "ordering": "排序题",
        "short_answer": "简答题 问答题 简述题 解答题 名词解释题 名词解释 主观题 简答 问答",
        "essay": "论述题 案例分析题 材料分析题 分析题 作文题 写作题 论述",
        UNKNOWN: "操作题 打字题 口试题 口述题 对话题 聊天题 听力题 案例题 完形填空题 阅读理解题 综合题",
    }.items()
    for word in words.split()
}

LABELS: Mapping[str, str] = {
    word: kind
    for kind, words in {
        "answer": "正确答案 参考答案 标准答案 答案 correct\xa0answer answer key",
        "model": "参考要点 答题要点 答案要点 解答 答",
        "explanation": "答案解析 试题解析 题目解析 解析 详解 explanation",
        "rubric": "评分标准 评分要点 采分点 得分点",
        "difficulty": "难易程度 难易度 难度系数 难度 difficulty",
        "topic": "所属知识点 知识点 考点 topic",
        "source": "题目来源 试题来源 来源 出处 source",
        "points": "分值 分数",
        "id": "试题编号 题目编号 编号",
        "tags": "标签",
        "type": "题目类型 试题类型 题型",
        "limits": "字数",
        "extra": "干扰项",
        "situation": "情景题",
        "mine": "我的答案 考生答案",
    }.items()
    for word in words.split(" ")
}

PROSE = frozenset({"model", "explanation", "rubric"})
"""Labels whose text may run over several lines and look like anything."""

DIFFICULTIES: Mapping[str, int] = {
    word: level
    for level, words in {
        1: "1 易 低 容易 简单 较易 较容易 初级 基础 ★ easy",
        2: "2 中 中等 一般 适中 中级 普通 ★★ medium",
        3: "3 难 高 困难 较难 高级 ★★★ hard",
    }.items()
    for word in words.split()
}

_TRUE = "√ ✓ ✔ ☑ 对 正确 t true 是 y yes"
_FALSE = "× ✗ ✘ ✕ ╳ x 错 错误 f false 否 n no 不对 不正确"
TRUTHS: Mapping[str, bool] = {
    **dict.fromkeys(_TRUE.split(), True),
    **dict.fromkeys(_FALSE.split(), False),
}
"""What answers a statement, in lower case."""
SURE_TRUTHS = frozenset(TRUTHS) - {"是", "y", "yes", "否", "n", "no", "x"}
"""Those that nothing else would be answered with."""

DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """Return 1 to 99999 as Chinese numbers a list (十二, 一百零五)."""
    said, pending = "", False
    for value, unit in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, value)
        if digit:
            said += ("零" if pending else "") + DIGITS[digit] + unit
        pending = bool(said) and not digit
    return said.removeprefix("一") if said.startswith("一十") else said
