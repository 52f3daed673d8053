// The words of entering what was observed.
import { words } from "../words";

export const OBSERVE_TEXT = words(
  {
    count: "个数",
    choice: "选择",
    value: "测量值",
    target: (target: string) => `目标 ${target}`,
    gives: (mark: string, max: string) => `得 ${mark} / ${max}`,
    none: "还没有有效的值",
  },
  {
    count: "Count",
    choice: "Choice",
    value: "Measured value",
    target: (target) => `Target ${target}`,
    gives: (mark, max) => `gives ${mark} / ${max}`,
    none: "no valid value yet",
  },
);
