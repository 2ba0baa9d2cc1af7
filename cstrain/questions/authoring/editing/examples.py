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
