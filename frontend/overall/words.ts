// Words of the boards over all skills that their script says; templates/boards have the same.
import { words } from "../words";

export const WORDS = words(
  {
    official: (n: number, of: number) => `${of} 个赛项中 ${n} 个已有正式成绩`,
    counted: (n: number) => `已计入 ${n} 个赛项`,
    sealed: (n: number) => `另有 ${n} 个已锁定的赛项尚未解密，不计入代表团`,
    shared: "并列",
    more_medallion: (n: number) => `优胜奖 ${n} 个`,
    more_merit: (n: number) => `优胜奖 ${n} 个`,
    best: (score: number, skill: string, who: string) => `最好：${score} 分，${skill}，${who}`,
  },
  {
    official: (n, of) => `${n} of ${of} skills have official results`,
    counted: (n) => `Skills counted: ${n}`,
    sealed: (n) => `${n} more are locked but still sealed, and count for no delegation`,
    shared: "shared",
    more_medallion: (n) => `Medallions for Excellence: ${n}`,
    more_merit: (n) => `Merit awards: ${n}`,
    best: (score, skill, who) => `Best: ${score}, ${skill}, ${who}`,
  },
);

export type Words = (typeof WORDS)["zh"];
