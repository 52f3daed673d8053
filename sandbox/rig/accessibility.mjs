/**
 * What axe-core finds in a page, in both languages. It runs in a world of its own beside the page's:
 * there the clock goes on, and nothing that the page has changed (Date, querySelector) reaches it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const find = createRequire(import.meta.url).resolve;
const AXE = readFileSync(find('axe-core/axe.min.js'), 'utf8');
const CHINESE = JSON.parse(readFileSync(find('axe-core/locales/zh_CN.json'), 'utf8')).rules;
const ORDER = ['critical', 'serious', 'moderate', 'minor'];
const IMPACTS = { critical: '致命', serious: '严重', moderate: '中等', minor: '轻微' };
const MOST_PLACES = 5;
const PATIENCE = 8000; // ms that the browser gives the search

/** Findings, worst first: { id, impact, help_zh, help_en, places: [selector], count }. */
export async function findings(context, page) {
  const line = await context.newCDPSession(page);
  try {
    const { frameTree } = await line.send('Page.getFrameTree');
    const { executionContextId: contextId } = await line.send('Page.createIsolatedWorld', {
      frameId: frameTree.frame.id, worldName: 'podium-accessibility',
    });
    await line.send('Runtime.evaluate', { expression: AXE, contextId });
    const { result, exceptionDetails } = await line.send('Runtime.evaluate', {
      contextId, awaitPromise: true, returnByValue: true, timeout: PATIENCE,
      expression: `axe.run(document, { resultTypes: ['violations'], iframes: false }).then((seen) => (
        seen.violations.map(({ id, impact, help, nodes }) => ({
          id, impact, help, count: nodes.length,
          places: nodes.slice(0, ${MOST_PLACES}).map((node) => node.target.flat().join(' ').slice(0, 120)),
        }))))`,
    });
    if (exceptionDetails) throw new Error(`axe-core: ${exceptionDetails.text}`);
    const rank = ({ impact }) => ORDER.indexOf(impact) + 1 || ORDER.length + 1;
    return result.value.sort((a, b) => rank(a) - rank(b)).map(({ help, ...rest }) => ({
      ...rest, help_en: help, help_zh: CHINESE[rest.id]?.help ?? help,
    }));
  } finally {
    await line.detach().catch(() => {});
  }
}

/** The findings as a person reads them. */
export function asText(found, where) {
  const lines = [
    `axe-core · ${where}`,
    found.length
      ? `发现 ${found.length} 项，供参考，不自动计分。 ${found.length} findings, for information: no mark follows by itself.`
      : '没有发现。 Nothing found.',
  ];
  for (const { id, impact, help_zh: zh, help_en: en, count, places } of found) {
    lines.push('', `[${IMPACTS[impact] ?? '—'} ${impact ?? ''}] ${zh}`, `    ${en} (${id}, ×${count})`);
    lines.push(...places.map((place) => `    ${place}`));
  }
  return `${lines.join('\n')}\n`;
}
