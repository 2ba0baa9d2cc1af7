"""What mentors, guides and examiners of the demo write. Pure data."""

from __future__ import annotations

REMARKS: dict[int, tuple[str, ...]] = {
    1: ("上午两次离开工位没有打招呼，会话没有交接。明天先跟岗，不单独接待。",),
    2: (
        "打字跟不上会话，漏看了上文。明天先练半小时打字再上线。",
        "改价前没有复述金额，被我拦下来。请把步骤抄一遍。",
        "快捷短语找得慢，称呼也没改。今晚背常用20条。",
    ),
    3: (
        "流程记得住，速度还要再快一点。",
        "问清需求这一步常跳过，已经当面说过。",
        "备注写得不完整，少了经手人。",
    ),
    4: (
        "备注格式已经对了。改价前先复述金额。",
        "核对收货信息很仔细，语速可以再慢一点。",
        "商品尺寸答得准，记得主动说清洗方法。",
        "会话交接写得清楚，下一步练同时接待3位顾客。",
        "顾客催发货时先给时间再解释，做得对。",
        "电话里会等对方说完再答，有进步。",
    ),
    5: (
        "主动把顾客常问的5个问题整理给同组，答得都对。",
        "处理破损补发一步不差，顾客给了好评。",
        "全天没有漏接，首次响应都在30秒内。",
    ),
}
"""Remarks by work-state mark."""

GUIDE_REMARKS = (
    "收货、拣货、复核、交接都走了一遍，会看面单了。",
    "打单和复核的顺序记住了，手脚勤快。",
    "跟着处理了6单售后，退换的条件说得清。",
)

EVIDENCE: dict[str, str] = {
    "typing": "测试文章《家居清洁用品说明》，截图存培训组共享盘",
    "telephone": "情境：催发货来电；录音编号",
    "quick_phrase": "抽到“改地址”“催发货”“问材质”三个场景；会话编号",
    "oral": "提问：7天无理由的条件、改价步骤、开票信息",
    "mystery_customer": "神秘顾客两次进店，会话编号",
    "observation": "抽看当天会话，编号",
}
"""Evidence on score sheets by kind; a number follows."""

SUMMARY = (
    "三个星期里学完了商品、规则和OA的课，跟着导师接待了顾客，也去过仓库和售后。"
    "做得好的是核对信息；还要练的是同时接待多位顾客时的速度。我愿意继续做好这份工作。"
)

SPECIAL_TRAINING = "每天下班前1小时，由培训师带着重做没有过线的那一卷涉及的章节，做完口头讲一遍。"

MENTOR_OPINION = "各项基本功过关，带教期间没有缺勤，能独立接待。同意转正。"
SUPERVISOR_OPINION = "接待量和质检抽查都达到部门要求，同意转正。"
HR_OPINION = "考勤正常，制度已签收，没有违纪登记，同意转正。"
OFFICE_OPINION = "材料齐全，同意。"
GM_OPINION = "同意。"

GATE_REASONS: dict[str, str] = {
    "continue": "各项都达到要求，按计划继续。",
    "higher_demands": "基本能力和快捷短语都过关，接待时的首次响应提到40秒内。",
    "improve": "还差一点，已当面说明每天加练半小时，第3天复测。",
    "eliminate": "快捷短语远低于岗位要求，打字也没有进步，第1天已经提醒过。",
}
"""Reasons of a gate's decision by what was proposed."""

DECISION_REASONS: dict[str, str] = {
    "convert_next_day": "三卷都及格，各日都已签核，没有违纪，建议次日转正。",
    "convert_after_one_month": "补考后三卷都及格，各日都已签核，建议试用满1个月转正。",
    "extend_probation": "补考后OA仍差几分，其他两卷及格，工作状态稳定，本人同意再试用1个月并补考OA。",
}
"""Reasons of a decision by its outcome."""

EXTENSION_OPINION = "产品和规则已经掌握，OA再练一个月，同意延长。"
RATING = "导师讲得细，遇到难缠的顾客会在旁边帮我。希望第6天的快捷短语多留点时间。"
CONSENT = "本人在系统中阅读延长协议后点击同意"
APPEAL = "这道题我选的和当天课文里写的步骤一致，师傅也是这样教的，请对照课文复核。"
ANSWER = "第1天测完我每天都在练打字，第3天快捷短语抽到的场景没有练过。希望公司能再给一次复测的机会。"
UNION_NOTICE = "公司未建立工会，已于提出前书面告知职工代表"
ELIMINATION_EVIDENCE = "第1天、第3天打字与快捷短语的成绩，第1天关口决定（已当面告知改进）"
ELIMINATION_REASONS = (
    "录用条件写明第3天基本能力与快捷短语测评应达到80分。第3天快捷短语48分，打字每分钟33字，"
    "第1天已书面告知改进要求并安排练习，仍未达到。"
)
LEAVE_REASON = "家人手术，需要陪护"
STAND_IN_REASON = "外出参加行业会议"
SITTING_PLACE = "三楼机房"
SLOWER_REASON = "右手腕劳损，医生建议放慢操作"
SAMPLE_NOTE = "与会话记录一致。"
MARKING_NOTE = "按评分标准逐条给分，漏写的要点扣在对应的一条里。"
NEAR_THE_LINE = "逐题看过，判分没有问题，按现在的分数发布。"
GAP_DEPARTMENT = "售前客服二部"
GAP_EVIDENCE = "售前客服二部上机考试成绩单，部门存档，第2页"
GAP_WISH = "在原部门刚考过，想把时间用来准备SOSO升级考试。"
PAUSE_REASON = "7号机键盘失灵，正在换机"
INCIDENT = "考生举手：7号机键盘几个键没有反应。已暂停计时，当天没有备用机，考生同意换好后再接着考。"
POWER_CUT = "三楼停电，恢复时间不明。在场的一位考生改为纸上作答，卷面当场打印。"
CHAT_NOTE = "话术规范，追问再多一步会更好。"

LEADER_POST = "售前客服组长"
LEADER_NOTICE = """带售前客服一部的一个组，各渠道排班在岗，按时交日报周报，做好考核和绩效面谈。
要求：已转正，熟悉各渠道接待。面试在报名截止后一周内，每人二十分钟，先陈述再问答。
入选者试岗一个月，再决定是否确认。"""
LEADER_OPINION = "日常工作踏实，愿意带人，同意参加。"
LEADER_HEARD = "陈述有条理，追问时有停顿。"


def leader_application(staff_no: str) -> tuple[str, ...]:
    """Return what somebody writes on the application for a leader's post, in the order of the form."""
    return (
        f"大专，入职以来一直做客服，工号{staff_no}，接待过售前和售后。",
        "带过两期新员工，组内响应时间降到30秒以内。",
        "想把带新人的办法用到整个组。",
        "熟悉各渠道规则，遇事不慌，肯把经验写下来。",
        "先排好各渠道的班，再每周做一次会话复盘，三个月内把差评率降下来。",
        "两年内成为能独立带队的主管。",
    )


EAGLET_TITLE = "2026年第四季度雏鹰计划"
EAGLET_REASON = "贵宾部新开搜索推广业务，缺会看数据、会调词的同事；从三个客服部门里选人互助学习，比外招快。"
EAGLET_NOTICE = (
    "本期从三个客服部门选4人组成学习小组，学习一到两个月，参加两门统一考试。"
    "筛选办法和面试日期见通知，欢迎报名。"
)
EAGLET_SAID = (
    "近半年接待量和满意度都在组里前三，带过两位新同事。",
    "前两周学关键词和出价，后三周做模拟账户，最后一周复习。",
    "每天午休后半小时看资料，每周两次和组员互讲，一周做一次小测。",
    "第五周起可以参加统一考试。",
)
EAGLET_COMMENT = "学得快，愿意教别人，这段时间的排班可以安排开。"
