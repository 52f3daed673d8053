// Words of the public pages' scripts.
import { words } from "../words";

export const WORDS = words(
  {
    state_not_started: "未开始",
    state_running: "进行中",
    state_paused: "暂停",
    state_frozen: "封榜",
    state_checking: "待复核",
    state_final: "正式成绩",

    release_hidden: "成绩暂不公布",
    release_automatic: "暂定：只含裁判员已确认的自动检查分",
    release_confirmed: "暂定：只含已复核的分数",
    release_frozen: "封榜：停在封榜时的名次",
    release_final: "正式成绩，已由裁判长锁定",

    link_connecting: "正在连接…",
    link_live: "实时更新",
    link_polling: "每 5 秒更新",
    link_lost: "连接中断，显示最后收到的数据",
    as_of: (time: string) => `数据时间 ${time}`,

    left: "剩余",
    until_start: "距开始",
    stopped: "计时已暂停",
    over: "时间到",
    no_clock: "未安排时间",
    starts_at: (time: string) => `${time} 开始`,
    ends_at: (time: string) => `${time} 结束`,

    released: (n: number, of: number) => `已公布 ${n} / ${of} 个评分点`,
    shared: "并列",
    undecided: "待定",
    star: "★ 签字后重新打开过",
    award_gold: "金牌",
    award_silver: "银牌",
    award_bronze: "铜牌",
    award_medallion: "优胜奖",
    award_merit: "优胜奖",
    page: (n: number, of: number) => `第 ${n} / ${of} 页`,
    moved: (label: string, place: number) => `${label} 现列第 ${place} 名`,
    matches: (n: number) => `${n} 个赛项`,
  },
  {
    state_not_started: "Not started",
    state_running: "In progress",
    state_paused: "Paused",
    state_frozen: "Frozen",
    state_checking: "Being confirmed",
    state_final: "Official results",

    release_hidden: "Results are not shown yet",
    release_automatic: "Provisional: automatic checks confirmed by judges only",
    release_confirmed: "Provisional: confirmed marks only",
    release_frozen: "Frozen: the standings as they were at the freeze",
    release_final: "Official results, locked by the chief judge",

    link_connecting: "Connecting…",
    link_live: "Live",
    link_polling: "Updated every 5 s",
    link_lost: "Connection lost, showing the last data received",
    as_of: (time) => `Data as of ${time}`,

    left: "left",
    until_start: "until the start",
    stopped: "The clock is stopped",
    over: "Time is up",
    no_clock: "No time set",
    starts_at: (time) => `Starts ${time}`,
    ends_at: (time) => `Ends ${time}`,

    released: (n, of) => `${n} of ${of} aspects released`,
    shared: "shared",
    undecided: "not decided",
    star: "★ opened again after sign-off",
    award_gold: "Gold",
    award_silver: "Silver",
    award_bronze: "Bronze",
    award_medallion: "Medallion for Excellence",
    award_merit: "Merit award",
    page: (n, of) => `Page ${n} of ${of}`,
    moved: (label, place) => `${label} is now in place ${place}`,
    matches: (n) => `${n} ${n === 1 ? "skill" : "skills"}`,
  },
);

export type Words = (typeof WORDS)["zh"];
