/** Writes PODIUM_OUT/report.jsonl, a line per event, each on disk before the next check ends. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { contactSheet } from './contact.mjs';
import { NAME as FILM } from './films.mjs';
import { WORDS } from './words.mjs';

const parse = (annotations, type) => {
  const found = (annotations ?? []).findLast((each) => each.type === type);
  return found ? JSON.parse(found.description) : null;
};

export default class Report {
  onBegin(config, suite) {
    this.out = process.env.PODIUM_OUT;
    this.browser = config.projects[0].use.launchOptions;
    this.checks = [];
    this.unfilmed = new Set(); // ids of checks that were told without their film
    mkdirSync(this.out, { recursive: true });
    this.file = openSync(path.join(this.out, 'report.jsonl'), 'w');
    // Named beforehand, so that a check that is never reached is known to be missing.
    const checks = suite.allTests().map((test) => parse(test.annotations, 'podium-check'));
    this.line({ event: 'begin', total: checks.length, checks: checks.filter(Boolean) });
  }

  onTestEnd(test, result) {
    const facts = parse(test.annotations, 'podium-check');
    if (!facts) return; // a bare test() of Playwright proposes no mark
    const outcome = parse(result.annotations, 'podium-outcome')
      ?? parse(test.annotations, 'podium-outcome')
      ?? {
        outcome: 'error', message_zh: WORDS.unfinished.zh, message_en: WORDS.unfinished.en,
        duration_ms: result.duration, evidence: [],
      };
    const { id, aspect, title_zh, title_en, rule, points } = facts;
    const check = {
      id, aspect, title_zh, title_en, rule, points, public: facts.public, ...outcome,
    };
    this.checks.push(check);
    this.line({ event: 'check', ...check });
    this.films();
    this.unfilmed.add(id);
  }

  /** Tells of the films that were made since; a check's own comes later than its outcome. */
  films() {
    for (const id of this.unfilmed) {
      const file = path.posix.join(id, FILM);
      if (!existsSync(path.join(this.out, file))) continue;
      this.line({ event: 'film', id, evidence: [{ kind: 'film', file, media_type: 'video/webm' }] });
      this.unfilmed.delete(id);
    }
  }

  /** A check file that does not load is our fault, and must be seen. */
  onError(error) {
    process.stderr.write(`${error.message ?? error.value ?? 'unknown error'}\n`);
  }

  async onEnd() {
    this.films();
    if (process.env.PODIUM_FILM === '1') {
      const sheet = await contactSheet(this.checks, this.out, this.browser).catch(() => null);
      if (sheet) this.line({ event: 'contact', evidence: [sheet] });
    }
    this.line({ event: 'end' });
    closeSync(this.file);
  }

  line(facts) {
    writeSync(this.file, `${JSON.stringify(facts)}\n`);
    fsyncSync(this.file);
  }

  printsToStdio() {
    return true; // the report is the file; standard output stays quiet
  }
}
