// The words of opening a work: scanning its label, typing or choosing its code.
import { words } from "../words";

export const SCAN_TEXT = words(
  {
    scan: "扫描作品",
    scanThis: "核对作品",
    title: "扫描作品上的标签",
    titleOther: (code: string) => `扫描 ${code} 的标签核对`,
    camera_insecure: "此页面没有通过 HTTPS 打开，不能使用相机。请输入编号。",
    camera_none: "没有可用的相机。请输入编号。",
    camera_denied: "没有使用相机的许可。请在浏览器中允许，或输入编号。",
    code: "编号",
    check: "打开",
    right: (code: string) => `就是 ${code}`,
    wrong_skill: (read: string, here: string) =>
      `扫到的是 ${read}，这里评的是 ${here}，没有打开。请换一件作品。`,
    wrong_unknown: (read: string, here: string) =>
      `${here} 没有编号 ${read || "（空）"}，没有打开。请核对标签。`,
    wrong_other: (read: string, open: string) =>
      `扫到的是 ${read}，打开的评分表是 ${open}：不是同一件作品，没有切换。`,
    pickTitle: "核对编号",
    pickLead: "作品上的编号是这个吗？",
    pickIt: (code: string) => `是 ${code}，打开`,
    cancel: "取消",
  },
  {
    scan: "Scan a work",
    scanThis: "Check the work",
    title: "Scan the label of the work",
    titleOther: (code) => `Scan the label of ${code}`,
    camera_insecure: "This page did not come over HTTPS, so the camera cannot be used. Type the code.",
    camera_none: "There is no camera. Type the code.",
    camera_denied: "The camera is not allowed. Allow it in the browser, or type the code.",
    code: "Code",
    check: "Open",
    right: (code) => `It is ${code}`,
    wrong_skill: (read, here) =>
      `This is ${read}, but ${here} is marked here; it was not opened. Take another work.`,
    wrong_unknown: (read, here) =>
      `${here} has no work ${read || "(empty)"}; nothing was opened. Check the label.`,
    wrong_other: (read, open) =>
      `This is ${read}, but the sheet of ${open} is open: not the same work, so it was not changed.`,
    pickTitle: "Is it this code?",
    pickLead: "Does the work carry this code?",
    pickIt: (code) => `Yes, open ${code}`,
    cancel: "Cancel",
  },
);
