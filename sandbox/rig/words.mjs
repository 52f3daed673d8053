/** The sentences that the rig itself says, in both languages. */
export const WORDS = {
  passed: { zh: '通过。', en: 'Passed.' },
  outcomes: {
    passed: { zh: '通过', en: 'passed' },
    failed: { zh: '未通过', en: 'failed' },
    undetermined: { zh: '未判定', en: 'not determined' },
    error: { zh: '判题出错', en: 'rig error' },
  },
  hung: {
    zh: '网页停止响应：页面里的程序占住了浏览器，按键和画面都不再变化。',
    en: 'The page stopped answering: its program holds the browser, keys and picture no longer move.',
  },
  crashed: {
    zh: '网页标签崩溃了：浏览器无法继续运行这个页面。',
    en: 'The tab crashed: the browser could not go on running this page.',
  },
  dialogs: {
    zh: '网页不停弹出对话框，无法继续操作。',
    en: 'The page opens dialogs without end; nothing else can be done with it.',
  },
  closed: { zh: '网页把自己的窗口关掉了。', en: 'The page closed its own window.' },
  server: {
    zh: '交来的服务器程序没有应答：没有启动，或者中途退出了。输出见记录。',
    en: 'The handed-in server does not answer: it did not start, or it ended. Its output is in the log.',
  },
  late: {
    zh: '检查在规定时间内没有做完，无法判定，请裁判目测。',
    en: 'The check did not come to its end in time: not determined, judge by eye.',
  },
  blocked: {
    zh: '这一步无法完成，无法判定，请裁判目测：',
    en: 'A step could not be carried out: not determined, judge by eye: ',
  },
  unsure: {
    zh: '没有钩子，只能按文字推测；请裁判目测。推测所见：',
    en: 'There is no hook, so this was guessed from words; judge by eye. Seen by guess: ',
  },
  once: {
    zh: '第一次检查未通过，重新检查时没有再出现，请裁判目测。第一次所见：',
    en: 'It failed once and not again when the check was repeated; judge by eye. Seen the first time: ',
  },
  cutShort: {
    zh: '第一次检查未通过，重新检查时中断了，请裁判目测。第一次所见：',
    en: 'It failed once, and the repeated check was cut short; judge by eye. Seen the first time: ',
  },
  eye: { zh: '（请裁判目测）', en: ' (judge by eye)' },
  broken: { zh: '检查本身出错：', en: 'The check itself broke: ' },
  browser: { zh: '检查用的浏览器退出了。', en: 'The browser that carries out the checks ended.' },
  unfinished: { zh: '检查没有得出结果。', en: 'The check came to no result.' },
};
