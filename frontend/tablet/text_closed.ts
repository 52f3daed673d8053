// The words of sheets that are closed to marks, and of those that were opened again.
import { words } from "../words";
import type { Closed } from "./types";

export const CLOSED_TEXT = words(
  {
    signed: (sub: string) => `${sub} 已签字，分数不能再改，也不能撤销。`,
    signedNext: "如需更改，请裁判长写明理由退回。",
    locked: (sub: string) => `${sub} 已锁定，分数不能再改，也不能撤销。`,
    lockedNext: "如需更改，请裁判长申请解锁（两人同意并写明理由）。",
    reopened: (sub: string, who: string, at: string) => `${sub} 已退回，重新打开 · ${who} ${at}`,
    reopenedWhy: (why: string) => `理由：${why}`,
    reopenedNext: "现在可以改分，改过的分数带 ★。改后须重新复核；无论改没改，都须重新签字。",
    confirmedBefore: (who: string, at: string) =>
      `退回前已复核 · ${who} ${at}。有改动须重新复核；没有改动请重新签字。`,
    confirmClosed: "这张表已签字或锁定，不能再复核。",
    short: (why: Closed): string => (why === "signed" ? "已签字" : "已锁定"),
    again: "★ 已退回，须重新签字",
    sentBack: (n: number) => `★ ${n} 张已退回`,
    star: "★ 签字后改过",
    signHere: (sub: string) => `${sub} 签字`,
    signHereLead: "会锁定这台平板，各人用自己的 PIN 签字。要打印，请用登录了账号的浏览器打开“签字与锁定”页。",
  },
  {
    signed: (sub) => `${sub} is signed: its marks can no longer be changed or undone.`,
    signedNext: "To change one, ask the chief judge to send the sheet back with a reason.",
    locked: (sub) => `${sub} is locked: its marks can no longer be changed or undone.`,
    lockedNext:
      "To change one, ask the chief judge to have it unlocked (two people agree, with a reason).",
    reopened: (sub, who, at) => `${sub} was sent back and is open again · ${who} ${at}`,
    reopenedWhy: (why) => `Reason: ${why}`,
    reopenedNext:
      "Marks can be changed now; those that are bear a ★. What is changed is confirmed again; changed or not, the sheet is signed again.",
    confirmedBefore: (who, at) =>
      `Confirmed before it was sent back · ${who} ${at}. Confirm again what is changed; if nothing is, sign again.`,
    confirmClosed: "This sheet is signed or locked and can no longer be confirmed.",
    short: (why) => (why === "signed" ? "Signed" : "Locked"),
    again: "★ Sent back; sign again",
    sentBack: (n) => `★ ${n} sent back`,
    star: "★ changed after signing",
    signHere: (sub) => `Sign ${sub}`,
    signHereLead:
      "This locks the tablet; everybody signs with their own PIN. To print, open the page “Sign-off” in a browser that is signed in.",
  },
);
