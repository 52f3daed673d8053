// Words of the competitor's workspace.
import { words } from "../words";

export const WORDS = words(
  {
    waiting: "未开始",
    running: "进行中",
    paused: "暂停",
    ended: "已结束",
    left: "剩余",
    to_start: "后开始",
    planned: (time: string) => `计划 ${time} 开始，以裁判长宣布为准`,
    not_planned: "等待裁判长宣布开始",
    whole: (minutes: number) => `共 ${hoursZh(minutes)}`,
    ends: (time: string) => `${time} 结束`,
    ends_paused: (time: string) => `若现在恢复，${time} 结束`,
    ended_at: (time: string) => `${time} 已到时间`,
    extra: (minutes: number) => `加时 +${minutes} 分钟`,
    reason: (why: string) => `暂停原因：${why}`,
    server: (time: string) => `服务器时间 ${time}`,
    link_ok: "已连接",
    link_lost: "连接中断，倒计时仍在继续；恢复后自动更新",
    milestone: (minutes: number) => `距您的结束时间还有 ${minutes} 分钟。`,
    milestone_hint: "请留出打包和上传的时间；结束前登记的文件可在结束后 60 秒内传完。",
    over: "您的时间已到。",
    dismiss: "知道了",
    hashing: "正在计算 SHA-256",
    announcing: "正在登记",
    sending: "正在上传",
    storing: "正在检查并保存",
    offline: "连接中断，正在重试；请不要关闭页面",
    announced: (time: string) => `已于 ${time}（服务器时间）登记`,
    cancelled: "已取消，没有保存任何内容。",
    taken: (number: number) => `第 ${number} 次提交已完整保存。`,
    taken_late: (number: number) => `第 ${number} 次提交已保存为迟交，由裁判长裁定是否计入。`,
    no_zip: "这个文件不是 zip 压缩包，没有上传。请用系统自带的“压缩为 ZIP”重新打包（不是 rar 或 7z）。",
    no_source: (endings: string) =>
      `这里不收这种文件，没有上传。可以交一个源文件（${endings}），或一个 zip。`,
    too_large: (mb: string, most: string) =>
      `文件有 ${mb} MB，超过上限 ${most} MB，没有上传。请精简后重新打包。`,
    one_file: "一次只能提交一个 zip 文件，没有上传。请把所有文件打包成一个 zip。",
    unreadable: "读不到这个文件（可能已被移动或修改），没有上传。请重新选择。",
    signed_out: "登录已过期，没有保存。请刷新页面重新登录，再提交一次。",
    went_wrong: "服务器没有接受，没有保存。请再试一次；仍不行请举手。",
    busy: "正在上传一个文件，请等它完成。",
    late_rule: "时间已到。现在提交会作为迟交保存，由裁判长裁定是否计入。",
    counting: (number: number, time: string) => `计分版本：第 ${number} 次，${time}`,
    nothing_counts: "没有按时完整提交的作品。",
    hand_in: (number: number) => `第 ${number} 次`,
    counts: "计分版本",
    late: "迟交·待裁定",
    files: (count: number) => `${count} 个文件`,
    receipt: "回执",
    stage_received: "收到",
    stage_queued: "排队",
    stage_place: (position: number) => `排队（第 ${position} 位）`,
    stage_building: "构建",
    stage_checking: "检查",
    stage_progress: (done: number, total: number) => `检查 ${done}/${total}`,
    stage_waiting: "待确认",
    estimate: (seconds: number) =>
      seconds < 60 ? "预计 1 分钟内判完" : `预计约 ${Math.ceil(seconds / 60)} 分钟判完`,
    unknown: "这道题还没有判完过一份，暂时无法估计时间",
    slow: "比通常用时更长，仍在进行",
    stuck: "判题系统自身出错，已通知工作人员处理；您的提交完好，不影响计分。",
    queued_because: (why: string) => `已收到，排队等待：${why}。提交已完整保存，不影响计分。`,
    public_checks: "公开检查",
    passed: "通过",
    failed: "未通过",
    undetermined: "由裁判目视判定",
    error: "检查出错，由裁判目视判定",
    will_be_judged: "待裁判确认；完整结果在赛后公布。",
    paused_from: (time: string, minutes: number) =>
      minutes < 1 ? `${time} 起暂停不到 1 分钟` : `${time} 起暂停 ${minutes} 分钟`,
    paused_open: (time: string) => `${time} 起暂停，尚未恢复`,
    extra_time: (minutes: number) => `加时 ${minutes} 分钟`,
    late_start: (time: string) => `${time} 开始，时间足额计算`,
    ready_clock: (seconds: string) => `服务器时间已校准（本机相差 ${seconds} 秒，倒计时以服务器为准）`,
    ready_clock_not: "连不上服务器，正在重试",
    ready_hash: "浏览器可以计算 SHA-256 并上传",
    ready_hash_not: "这个浏览器不能计算 SHA-256，请举手换一台电脑或浏览器",
    ready_judging: "判题环境就绪",
    example_name: "my-work.zip",
    leave: "文件还在上传",
  },
  {
    waiting: "Not started",
    running: "In progress",
    paused: "Paused",
    ended: "Ended",
    left: "left",
    to_start: "to the start",
    planned: (time: string) => `Planned for ${time}; the chief judge starts it`,
    not_planned: "Waiting for the chief judge to start",
    whole: (minutes: number) => `${hoursEn(minutes)} in all`,
    ends: (time: string) => `ends ${time}`,
    ends_paused: (time: string) => `would end ${time} if resumed now`,
    ended_at: (time: string) => `ended ${time}`,
    extra: (minutes: number) => `+${minutes} min added`,
    reason: (why: string) => `Paused because: ${why}`,
    server: (time: string) => `Server time ${time}`,
    link_ok: "connected",
    link_lost: "Connection lost. Your clock goes on; the page catches up by itself",
    milestone: (minutes: number) =>
      minutes === 1 ? "One minute is left to you." : `${minutes} minutes are left to you.`,
    milestone_hint:
      "Leave time to pack and upload. What is announced before your end may still arrive within 60 seconds after it.",
    over: "Your time is over.",
    dismiss: "Got it",
    hashing: "Computing the SHA-256",
    announcing: "Announcing",
    sending: "Uploading",
    storing: "Checking and storing",
    offline: "Connection lost, trying again. Please keep this page open",
    announced: (time: string) => `Announced at ${time}, server time`,
    cancelled: "Cancelled; nothing was kept.",
    taken: (number: number) => `Hand-in no. ${number} is stored whole.`,
    taken_late: (number: number) =>
      `Hand-in no. ${number} was kept as late; the chief judge rules whether it counts.`,
    no_zip:
      "This file is not a zip archive; nothing was sent. Pack it as an ordinary zip (not rar or 7z).",
    no_source: (endings: string) =>
      `This kind of file is not taken; nothing was sent. Hand in one source file (${endings}) or a zip.`,
    too_large: (mb: string, most: string) =>
      `The file has ${mb} MB, more than the ${most} MB allowed; nothing was sent. Leave out what is not needed and pack it again.`,
    one_file: "Only one zip at a time; nothing was sent. Pack all files into one zip.",
    unreadable:
      "The file cannot be read (it may have been moved or changed); nothing was sent. Choose it again.",
    signed_out:
      "You are no longer signed in; nothing was kept. Reload the page, sign in and hand in again.",
    went_wrong:
      "The server did not take it; nothing was kept. Try once more, then raise your hand.",
    busy: "A file is being uploaded; please let it finish.",
    late_rule:
      "Your time is over. What you hand in now is kept as late, and the chief judge rules whether it counts.",
    counting: (number: number, time: string) => `Counts: no. ${number}, ${time}`,
    nothing_counts: "Nothing was handed in complete and in time.",
    hand_in: (number: number) => `No. ${number}`,
    counts: "Counts",
    late: "Late, waits for a ruling",
    files: (count: number) => (count === 1 ? "1 file" : `${count} files`),
    receipt: "Receipt",
    stage_received: "Received",
    stage_queued: "Queued",
    stage_place: (position: number) => `Queued, no. ${position}`,
    stage_building: "Set-up",
    stage_checking: "Checks",
    stage_progress: (done: number, total: number) => `Checks ${done}/${total}`,
    stage_waiting: "Judges",
    estimate: (seconds: number) =>
      seconds < 60
        ? "Judged within a minute, as far as we can tell"
        : `Judged in about ${Math.ceil(seconds / 60)} min, as far as we can tell`,
    unknown: "No work on this task has been judged yet, so the time cannot be estimated",
    slow: "It takes longer than usual and goes on",
    stuck:
      "The judging system itself failed; staff have been told. Your hand-in is safe and this does not count against you.",
    queued_because: (why: string) =>
      `Received and queued. ${why}. Your hand-in is stored whole; waiting costs you nothing.`,
    public_checks: "Public checks",
    passed: "Passed",
    failed: "Not passed",
    undetermined: "A judge will look",
    error: "The check failed; a judge will look",
    will_be_judged: "Waits for the judges; full results come after the competition.",
    paused_from: (time: string, minutes: number) =>
      `Paused from ${time} for ${minutes < 1 ? "less than a minute" : `${minutes} min`}`,
    paused_open: (time: string) => `Paused since ${time}`,
    extra_time: (minutes: number) => `${minutes} min added`,
    late_start: (time: string) => `Started at ${time}, with the full time`,
    ready_clock: (seconds: string) =>
      `Server time is set (this computer is off by ${seconds} s; the server's counts)`,
    ready_clock_not: "The server cannot be reached; trying again",
    ready_hash: "This browser can compute SHA-256 and upload",
    ready_hash_not:
      "This browser cannot compute SHA-256; raise your hand for another computer or browser",
    ready_judging: "Judging is ready",
    example_name: "my-work.zip",
    leave: "A file is still being uploaded",
  },
);

export type Words = (typeof WORDS)["zh"];

function hoursZh(minutes: number): string {
  const [h, m] = [Math.floor(minutes / 60), minutes % 60];
  return [h ? `${h} 小时` : "", m ? `${m} 分钟` : ""].join(" ").trim();
}

function hoursEn(minutes: number): string {
  const [h, m] = [Math.floor(minutes / 60), minutes % 60];
  return [h ? `${h} h` : "", m ? `${m} min` : ""].join(" ").trim();
}
