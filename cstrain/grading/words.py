"""Names of figures, of reasons to withhold them, of what to look at; the pages translate them."""

from __future__ import annotations

from cstrain.grading.statistics.figure import Why

FIGURE_WORDS = {
    "facility": "得分率",
    "discrimination": "区分度",
    "efficiency": "区分效率",
    "effective_weight": "有效权重",
    "upper_lower": "高低分组差",
    "point_biserial": "题总相关",
    "exposure": "曝光率",
    "overlap": "两卷重题率",
    "mean": "平均分",
    "sd": "标准差",
    "median": "中位数",
    "skewness": "偏度",
    "kurtosis": "峰度",
    "alpha": "α系数",
    "kr20": "KR-20",
    "kr21": "KR-21",
    "error_ratio": "误差比",
    "sem": "测量标准误",
    "passing": "过线比例",
    "csem_lord": "过线处标准误（Lord）",
    "csem_keats": "过线处标准误（Keats）",
    "csem_effective": "过线处标准误（等效题数）",
    "accuracy": "判定准确度",
    "consistency": "判定一致度",
    "kappa": "判定κ",
    "subkoviak_consistency": "一致度（Subkoviak）",
    "subkoviak_kappa": "κ（Subkoviak）",
}
WHY_WORDS = {
    Why.FEW: "人数不够",
    Why.SAME: "大家得分一样",
    Why.SCALE: "不是全对全错、分值相同的题",
    Why.LENGTH: "题数太少",
    Why.RELIABILITY: "信度不在0和1之间",
    Why.UNKNOWN: "不知道满分",
    Why.WEIGHT: "与总分负相关",
}
FLAG_WORDS = {
    "key": "查答案",
    "distractor": "高分者选错项",
    "hard": "太难",
    "vague": "分不出高低",
    "easy": "太容易",
    "unchosen": "有选项没人选",
}
