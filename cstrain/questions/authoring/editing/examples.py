"""Whole questions for somebody who writes the first one of a type: to be put in and changed. Pure."""

from __future__ import annotations

from cstrain.questions.facts import JsonObject

OPERATION: JsonObject = {
    "stem": "顾客要改收货地址，请打开他的订单，改好后存入。",
    "system": "店铺后台·订单处理",
    "brief": "顾客李女士来说：订单1001还没发货，请改寄到杭州市西湖区文三路18号，她已经核对过一遍。\n"
    "手机不变。改好后在备注里写明改了地址。",
    "fields": [
        {"id": "order", "label": "订单号", "kind": "readonly"},
        {"id": "state", "label": "订单状态", "kind": "readonly"},
        {"id": "receiver", "label": "收货人", "kind": "text"},
        {"id": "phone", "label": "手机后四位", "kind": "text"},
        {"id": "address", "label": "收货地址", "kind": "long_text"},
        {"id": "carrier", "label": "快递", "kind": "choice", "options": ["中通", "圆通", "顺丰"]},
        {"id": "asked", "label": "已请顾客核对", "kind": "check"},
        {"id": "note", "label": "备注", "kind": "long_text"},
    ],
    "columns": ["order", "state", "receiver"],
    "rows": [
        {
            "id": "r1",
            "values": {
                "order": "1001",
                "state": "待发货",
                "receiver": "李女士",
                "phone": "0312",
                "address": "杭州市拱墅区莫干山路100号",
                "carrier": "中通",
            },
        },
        {
            "id": "r2",
            "values": {
                "order": "1002",
                "state": "已发货",
                "receiver": "李先生",
                "phone": "0321",
                "address": "杭州市滨江区江南大道6号",
                "carrier": "顺丰",
            },
        },
    ],
    "buttons": [
        {"id": "save", "label": "保存修改", "does": "save"},
        {"id": "back", "label": "取消", "does": "cancel"},
        {"id": "close", "label": "关闭订单", "does": "act"},
    ],
    "wanted": {
        "row": "r1",
        "button": "save",
        "fields": [
            {"field": "address", "credit": 4, "contains": ["西湖区", "文三路18号"]},
            {"field": "asked", "credit": 1, "equals": True},
            {"field": "note", "credit": 3, "contains": ["地址"]},
        ],
    },
    "forbidden": [
        {"press": "close", "cost": "all"},
        {"change": "phone", "cost": 2},
        {"others": "act", "cost": 4},
    ],
}


def _turn(says: str, better: JsonObject, worse: JsonObject) -> JsonObject:
    return {"says": [says], "replies": [better, worse], "otherwise": worse["to"]}


def _reply(label: str, text: str, to: str, credit: int = 0, *hears: str) -> JsonObject:
    return {"label": label, "text": text, "to": to, "credit": credit} | ({"hears": [*hears]} if hears else {})


CHAT: JsonObject = {
    "stem": "顾客收到的玻璃罐碎了。请接待她，核对订单，请她拍照，说清怎么处理。",
    "opening": {
        "customer": "小满",
        "level": "普通会员",
        "order": {"订单状态": "已签收1天", "商品": "玻璃储物罐×3"},
        "facts": ["签收7天内破损可以补发或退款", "要有破损处和外箱的照片"],
    },
    "start": "t1",
    "turns": {
        "t1": _turn(
            "罐子碎了一个，怎么办？",
            _reply(
                "道歉，请她报订单号",
                "很抱歉。请报一下订单号，我马上核对。",
                "t2",
                3,
                "抱歉",
                "订单号",
            ),
            _reply("问是不是她自己摔的", "是收到的时候就碎的，还是您后来碰到的？", "t2_cross"),
        ),
        "t2": _turn(
            "订单号3318。",
            _reply("请她拍照", "核对到了。请拍一张破损处和一张外箱的照片发来。", "t3", 3, "照片|拍"),
            _reply("请她等通知", "好的，已经记下了，请您等通知。", "t3"),
        ),
        "t2_cross": _turn(
            "你这是什么意思？打开就是碎的！订单号3318。",
            _reply("再道歉，请她拍照", "抱歉，是我没说好。请拍破损处和外箱各一张发来。", "t3", 2, "抱歉"),
            _reply("请她别急", "您先别急，我只是问一下。", "t3"),
        ),
        "t3": _turn(
            "照片发了，你看吧。",
            _reply(
                "说清补发或退款，请她选",
                "可以补发一个，或退这个的钱，您要哪种？",
                "t4",
                3,
                "补发",
                "退",
            ),
            _reply("只说退款", "那给您退款吧。", "t4", 1),
        ),
        "t4": _turn(
            "补发吧，几天能到？",
            _reply("照实说时间", "今天下单补发，一般3天左右到，以物流为准。", "t5", 3, "3天"),
            _reply("保证明天到", "保证明天就到。", "t5_promise"),
        ),
        "t5": _turn(
            "碎的那个要寄回来吗？",
            _reply("说不用，请她当心", "不用寄回，碎玻璃请包好再扔，当心划手。", "t6", 2, "不用"),
            _reply("说不清楚", "这个我也不清楚。", "t6"),
        ),
        "t5_promise": _turn(
            "真的？那我明天在家等。碎的那个要寄回来吗？",
            _reply("更正时间", "抱歉说早了，一般3天左右到。碎的不用寄回。", "t6", 2, "3天"),
            _reply("不更正", "不用寄回，您放心等。", "t6"),
        ),
        "t6": _turn(
            "行，那就这样。",
            _reply(
                "复述，问还有别的吗",
                "补发储物罐一个，地址不变。还有别的要帮忙吗？",
                "good",
                3,
                "还有别的",
            ),
            _reply("直接结束", "好的，再见。", "plain"),
        ),
    },
    "endings": {
        "good": {"says": ["没有了，谢谢。"], "credit": 3},
        "plain": {"says": ["嗯。"], "credit": 0},
    },
    "wanted": [{"title": "道了歉", "any_of": ["抱歉", "对不起"], "of": 2}],
    "forbidden": [{"title": "说做不到的时间", "any_of": ["保证明天"], "cost": 4}],
}
