"""The words that people write in a roster: headings, and what stands for sex, status, reserve."""

from enum import StrEnum


class Field(StrEnum):
    """What a column can be."""

    NAME = "name"
    SEX = "sex"
    ID_NUMBER = "id_number"
    BORN_ON = "born_on"
    DELEGATION = "delegation"
    AFFILIATION = "affiliation"
    SKILL = "skill"
    STATUS = "status"
    PHONE = "phone"
    TEAM = "team"
    RESERVE = "reserve"
    COACH = "coach"
    COACH_AFFILIATION = "coach_affiliation"


IGNORED = ""  # a column that is passed over, and known to be
# The word for a field where the file has none; also what the template is headed with.
WORDS: dict[Field, tuple[str, str]] = {
    Field.NAME: ("姓名", "Name"),
    Field.SEX: ("性别", "Sex"),
    Field.ID_NUMBER: ("身份证号", "Identity number"),
    Field.BORN_ON: ("出生日期", "Date of birth"),
    Field.DELEGATION: ("代表队", "Delegation"),
    Field.AFFILIATION: ("单位", "School or company"),
    Field.SKILL: ("赛项", "Skill"),
    Field.STATUS: ("组别", "Employee or student"),
    Field.PHONE: ("手机号", "Telephone"),
    Field.TEAM: ("队伍", "Team"),
    Field.RESERVE: ("是否替补", "Reserve"),
    Field.COACH: ("指导教师", "Coach"),
    Field.COACH_AFFILIATION: ("指导教师单位", "Coach's affiliation"),
}
REQUIRED = (Field.NAME, Field.ID_NUMBER, Field.SKILL, Field.DELEGATION)

HEADINGS: dict[str, str] = {
    Field.NAME: (
        "姓名 选手姓名 参赛选手 参赛选手姓名 选手 队员姓名 学生姓名 职工姓名 参赛人员 "
        "参赛者姓名 名字 name fullname full_name competitor competitorname participant"
    ),
    Field.SEX: ("性别 选手性别 sex gender"),
    Field.ID_NUMBER: (
        "身份证号 身份证号码 身份证 公民身份号码 居民身份证号 居民身份证号码 证件号 证件号码 "
        "身份证件号码 有效证件号码 选手身份证号 idnumber id_number idno idcard idcardnumber "
        "identitynumber identitycard identityno nationalid"
    ),
    Field.BORN_ON: (
        "出生日期 出生年月日 出生年月 生日 出生时间 出生 dateofbirth birthdate birthday born "
        "bornon dob"
    ),
    Field.DELEGATION: (
        "代表队 代表团 参赛队 所属代表队 所属代表团 推荐单位 选送单位 报送单位 地市 市地 "
        "市（地） 地区 所属地市 所在地市 所属市地 城市 delegation prefecture region city"
    ),
    Field.AFFILIATION: (
        "单位 所在单位 工作单位 单位名称 学校 学校名称 院校 院校名称 所在学校 所属单位 "
        "参赛单位 所属院校 单位（学校） 单位/学校 学校/单位 工作单位或学校 所在院校 企业名称 "
        "单位全称 学校全称 affiliation school company employer schoolorcompany organisation "
        "organization institution"
    ),
    Field.SKILL: (
        "赛项 赛项名称 参赛项目 参赛赛项 项目 项目名称 竞赛项目 比赛项目 竞赛项目名称 "
        "参赛工种 竞赛工种 工种 职业（工种） 竞赛职业 报名项目 报名赛项 赛项编号 赛项代码 "
        "skill skillname event category skillcode"
    ),
    Field.STATUS: (
        "组别 参赛组别 竞赛组别 身份 选手身份 人员类别 选手类别 人员类型 职工/学生 学生/职工 "
        "参赛身份 status group employeeorstudent"
    ),
    Field.PHONE: (
        "手机号 手机号码 手机 电话 联系电话 联系方式 电话号码 移动电话 选手电话 本人电话 "
        "phone phonenumber mobile mobilephone telephone tel contact"
    ),
    Field.TEAM: ("队伍 队伍名称 队名 队别 组号 团队 团队名称 参赛队名称 队号 team teamname teamno"),
    Field.RESERVE: (
        "是否替补 替补 是否候补 候补 正式/替补 正选/替补 替补队员 是否替补队员 是否正式 "
        "队员类别 reserve isreserve substitute"
    ),
    Field.COACH: (
        "指导教师 指导老师 教练 教练员 指导教师姓名 指导老师姓名 教练姓名 专家教练 指导人 "
        "指导师傅 辅导教师 coach coaches coachname trainer instructor"
    ),
    Field.COACH_AFFILIATION: (
        "指导教师单位 指导老师单位 教练单位 指导教师所在单位 coachaffiliation "
        "coachsaffiliation coachschool"
    ),
    IGNORED: (
        "序号 编号 号 年龄 民族 备注 说明 邮箱 电子邮箱 照片 学历 文化程度 政治面貌 职务 "
        "职称 专业 班级 年级 籍贯 户籍 通讯地址 地址 职业资格 技能等级 职业资格等级 参赛证号 "
        "领队 领队电话 赛区 尺码 服装尺码 是否住宿 原行号 问题 no number # index age remark "
        "remarks note notes email nation rowinfile problems"
    ),
}


def _words(**said: str) -> dict[str, str]:
    """Each word → what it stands for."""
    return {word: meaning for meaning, text in said.items() for word in text.split()}


SEXES = _words(
    male="男 男性 男生 男士 先生 m male",
    female="女 女性 女生 女士 f female",
)
STATUSES = _words(
    employee="职工 职工组 在职 在职职工 企业职工 企业 社会 社会组 员工 工人 教师 教职工 职业组"
    " employee employees worker staff",
    student="学生 学生组 在校 在校生 在校学生 院校 院校组 学员 student students pupil",
)
RESERVES = _words(
    yes="是 替补 候补 替补队员 替补选手 候补选手 y yes 1 √ ✓ ✔ true reserve substitute",
    no="否 不是 正式 正选 主力 正式选手 正式队员 非替补 无 n no 0 × false main - /",
)
