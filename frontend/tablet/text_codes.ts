// The words of unsent marks shown as QR codes.
import { words } from "../words";

export const CODES_TEXT = words(
  {
    lead: "没有 U 盘时，也可以让裁判长的设备用相机直接读取本机屏幕。",
    show: "显示为二维码",
    title: "请裁判长扫描本机屏幕",
    how: "在裁判长的设备上打开“交入待传评分文件”，点“用相机读取”，对准下面的二维码，直到读完。内容已加密；仍留在本机，联网后照常上传，不会重复。",
    held: (marks: number, notes: number) => `共 ${marks} 条评分${notes ? `、${notes} 条备注` : ""}`,
    photos: (n: number) => `另有 ${n} 条带照片的备注不在其中，请保存为文件交出。`,
    one: (at: number, of: number) => `第 ${at} / ${of} 个`,
    slower: "慢一点",
    faster: "快一点",
    back: "返回",
  },
  {
    lead: "Without a USB stick, the chief judge's device can read them from this screen with its camera.",
    show: "Show as QR codes",
    title: "Have the chief judge scan this screen",
    how: "On the chief judge's device open “Hand in a file of unsent marks”, choose “Read with the camera” and hold it before the code below until all are read. They are encrypted; they stay here too and are sent when the network is back, never twice.",
    held: (marks, notes) => `Marks: ${marks}${notes ? `, notes: ${notes}` : ""}`,
    photos: (n) => `Notes with a photo are not among them (${n}); save those as a file.`,
    one: (at, of) => `Code ${at} of ${of}`,
    slower: "Slower",
    faster: "Faster",
    back: "Back",
  },
);
