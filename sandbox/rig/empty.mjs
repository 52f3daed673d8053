/** Empty pages, each in a browser context of its own; a rig that waits has some open for its first checks. */
export const VIEWPORT = { width: 1024, height: 768 };
const spares = []; // { browser, origin, context, page, crashed }

/** A page that nothing was in, for one check. */
export async function emptyPage(browser, origin) {
  const spare = spares.pop();
  if (spare?.browser === browser && spare.origin === origin && !spare.crashed) return spare;
  await spare?.context.close().catch(() => {});
  return open(browser, origin);
}

/** Opens so many ahead: a page's process takes a third of what a short check takes. */
export async function keepSpares(browser, origin, number) {
  while (spares.length < number) spares.push(await open(browser, origin));
}

async function open(browser, origin) {
  const context = await browser.newContext({
    viewport: VIEWPORT, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', serviceWorkers: 'block',
    acceptDownloads: false, baseURL: origin, reducedMotion: 'no-preference',
  });
  context.setDefaultTimeout(15_000); // of a busy machine; a person would wait as long
  const opened = { browser, origin, context, page: await context.newPage(), crashed: false };
  opened.page.once('crash', () => { opened.crashed = true; });
  return opened;
}
