"""What pages say of cases, steps and successions; message ids, in the reader's language by ``gettext``."""

from __future__ import annotations

from cstrain.promotion.moves.queries import DUTY_WORDS

__all__ = [
    "ACT_WORDS",
    "CAUSE_WORDS",
    "COURSE_WORDS",
    "DUTY_WORDS",
    "KIND_WORDS",
    "OUTCOME_WORDS",
    "ROAD_WORDS",
    "STATE_GLYPHS",
    "STATE_WORDS",
]

KIND_WORDS = {"skip": "越级申请", "transfer": "调岗申请", "initial": "初始级别评定"}
STATE_WORDS = {
    "open": "办理中",
    "granted": "已批准",
    "refused": "没有批准",
    "withdrawn": "本人撤回",
    "left": "已离职，结束",
}
STATE_GLYPHS = {"open": "now", "granted": "ok", "refused": "bad", "withdrawn": "skip", "left": "skip"}
ACT_WORDS = {
    "request": "本人申请",
    "propose": "上级提出",
    "withdraw": "本人撤回",
    "left": "已离职，结束",
    "assess": "人力资源部评估",
    "review": "评审",
    "authorise": "授权",
    "release": "现部门意见",
    "receive": "接收部门意见",
    "arrange": "人力资源部办理",
    "rate": "主管评分",
    "rate_hr": "人力资源部评分",
    "confirm": "确认级别",
}
ROAD_WORDS = {"transfer": "调岗", "promotion": "岗位晋升"}
CAUSE_WORDS = {"left": "主管离职", "moved": "主管调离", "opened": "人力资源部开启"}
OUTCOME_WORDS = {"filled": "已接任", "cancelled": "已取消"}
COURSE_WORDS = {"certificate": "证书", "delivered": "讲授培训"}
