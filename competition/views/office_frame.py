"""What stands on every page of the office: its links, each only for who may open it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from competition import access
from competition.models import Account
from competition.views.language import chosen, is_page


@dataclass(frozen=True, slots=True)
class Action:
    """Somewhere to go: its address, what it is called, and other words by which it is looked for.
    `in_bar`: stands in the bar of the office's pages."""

    path: str
    zh: str
    en: str
    words: str
    may: Callable[[Account | None], bool]
    in_bar: bool = False

    @property
    def label(self) -> str:
        return self.en if chosen() == "en" else self.zh


ACTIONS = (
    Action("/office/", "秘书处", "Office", "首页 赛项 开赛检查 skills tiles preflight home",
           access.may_enter_office, in_bar=True),
    Action("/office/command", "指挥台", "Command board", "进度 大屏 预计 平板 wall forecast"
           " progress tablets light", access.may_enter_office, in_bar=True),
    Action("/office/preparation", "筹备进度", "Preparation", "里程碑 到期 逾期 milestones due"
           " overdue tracker", access.may_enter_office),
    Action("/office/entries", "报名", "Entries", "名单 选手 审核 批准 退赛 list competitors approve"
           " withdraw judge", access.may_enter_office, in_bar=True),
    Action("/office/roster", "名册导入", "Import rosters", "Excel CSV 上传 名单 roster upload",
           access.may_organise, in_bar=True),
    Action("/office/exceptions", "例外", "Exceptions", "资格 规则 eligibility rule",
           access.may_organise, in_bar=True),
    Action("/office/requests", "变更申请", "Change requests", "更改 替补 退赛 substitute withdraw",
           access.may_organise, in_bar=True),
    Action("/office/bulk", "批量操作", "Bulk acts", "撤销 批准 退赛 undo approve withdraw",
           access.may_enter_office),
    Action("/office/release", "公开方式", "What the public sees", "发布 封榜 隐藏 延迟 前几名"
           " release freeze hide delay top", access.may_enter_office, in_bar=True),
    Action("/office/books", "成绩册", "Books of results", "名次 奖牌 导出 results PDF Excel"
           " CIS medals", access.may_enter_office),
    Action("/office/embeds", "嵌入榜单", "Boards on other sites", "网站 代码 二维码 embed iframe"
           " frame", access.may_enter_office),
    Action("/ceremony/", "颁奖典礼", "Ceremonies", "揭榜 彩排 舞台 遥控 主持词 reveal stage"
           " rehearsal remote script awards", access.may_stage),
    Action("/office/screens/", "大屏", "Big screens", "播放列表 配对 紧急 倒计时 playlist pair"
           " emergency countdown", access.may_show),
    Action("/office/locks", "报名锁定", "Entry locks", "锁定 解锁 截止 lock unlock close",
           access.may_enter_office),
    Action("/office/access/", "权限", "Access", "账号 角色 谁能做什么 accounts roles who",
           access.may_see_grants, in_bar=True),
    Action("/office/judges", "裁判库", "Judge register", "裁判员 等级 专业 培训 聘期 judges level"
           " fields training term", access.may_organise),
    Action("/office/declarations", "利害关系申报", "Declarations", "回避 亲属 利害关系 conflicts"
           " relations family", access.may_organise),
    Action("/office/privacy", "个人信息", "Personal data", "保存期限 删除 隐私 retention erase"
           " forget privacy", access.may_organise),
    Action("/office/access/give", "授予角色", "Give a role", "权限 裁判 grant judge organiser",
           access.may_grant),
    Action("/office/accounts/new", "开设账号", "Open an account", "新用户 登录 new sign-in",
           access.may_grant),
    Action("/ledger/", "台账", "Ledger", "公钥 链首 校验 verify heads public key",
           access.may_see_grants),
    Action("/account/", "我的账号", "My account", "密码 登录 二次验证 password sign-ins factor",
           lambda account: account is not None),
    Action("/", "榜单", "Boards", "成绩 名次 大屏 results standings", lambda _: True),
)  # fmt: skip


def open_to(account: Account | None) -> list[Action]:
    """The actions that somebody may open, of those that this site has."""
    return [one for one in ACTIONS if one.may(account) and is_page(one.path)]


def is_called(action: Action, text: str) -> bool:
    """Whether every word of the text is in what an action is called."""
    told = f"{action.zh} {action.en} {action.words}".lower()
    return all(word in told for word in text.lower().split())


def register(app: Flask) -> None:
    """Gives templates `office_links()`, the links of the bar."""
    app.jinja_env.globals["office_links"] = lambda: [
        one for one in open_to(access.who()) if one.in_bar
    ]
