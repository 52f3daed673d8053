// Extra questions: what belongs to the answers shows at once; what is typed is saved as a draft
// while it is typed. Without a connection it stays in this browser until the server has it.

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
type Typed = Record<string, string[]>;

const REST = 700; // ms after the last key
const AGAIN = 5000; // ms until a lost connection is tried again

function fieldsOf(root: ParentNode, name: string): Field[] {
  return [...root.querySelectorAll<Field>(`[name="${CSS.escape(name)}"]`)];
}

function isBox(one: Field): one is HTMLInputElement {
  return one instanceof HTMLInputElement && (one.type === "radio" || one.type === "checkbox");
}

function texts(root: ParentNode, name: string): string[] {
  return fieldsOf(root, name)
    .filter((one) => !isBox(one) || one.checked)
    .map((one) => one.value);
}

/** Whether a question belongs to the answers: its condition is met, and so is that of what it
 * hangs on. A locked answer is not in the page; the server said whether it meets the condition. */
function belongs(root: ParentNode, ask: HTMLElement): boolean {
  const on = ask.dataset.on;
  if (!on) return true;
  const other = root.querySelector<HTMLElement>(`[data-ask="${CSS.escape(on)}"]`);
  if (!other) return false;
  const values = JSON.parse(ask.dataset.is ?? "[]") as string[];
  const held =
    other.dataset.locked === undefined
      ? texts(root, on).some((one) => values.includes(one))
      : ask.dataset.held === "1";
  return held && belongs(root, other);
}

function show(root: HTMLElement): void {
  for (const ask of root.querySelectorAll<HTMLElement>("[data-on]")) {
    ask.hidden = !belongs(root, ask);
  }
  for (const group of root.querySelectorAll<HTMLElement>("[data-group]")) {
    group.hidden = !group.querySelector("[data-ask]:not([hidden])");
  }
}

for (const root of document.querySelectorAll<HTMLElement>("[data-asks]")) {
  root.addEventListener("input", () => show(root));
  root.addEventListener("change", () => show(root));
  show(root);
}
for (const one of document.querySelectorAll<HTMLElement>("[data-scriptless]")) one.hidden = true;

const form = document.querySelector<HTMLFormElement>("form[data-answers]");
const place = form?.dataset.answers ?? "";
const key = `podium-answers:${place}`;

/** What the server does not have yet, in the browser's own store and here. */
let waiting: Typed = {};
let timer: number | undefined;
let underway = false;

function keep(): void {
  try {
    if (Object.keys(waiting).length > 0) localStorage.setItem(key, JSON.stringify(waiting));
    else localStorage.removeItem(key);
  } catch {
    // a full or forbidden store: the server's draft is left
  }
}

function kept(): Typed {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "{}") as Typed;
  } catch {
    return {};
  }
}

function say(words: string, wrong = false): void {
  const state = form?.querySelector<HTMLElement>("[data-state]");
  const there = state?.querySelector<HTMLElement>("[data-state-words]");
  if (!state || !there) return;
  state.hidden = false;
  state.dataset.kind = wrong ? "warning" : "success";
  there.textContent = words;
}

function later(ms: number): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void save(), ms);
}

function body(typed: Typed): URLSearchParams {
  const out = new URLSearchParams();
  for (const [name, all] of Object.entries(typed)) {
    out.append("has", name);
    for (const text of all) out.append(name, text);
  }
  return out;
}

function post(typed: Typed, keepalive = false): Promise<Response> {
  const token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
  return fetch(place, {
    method: "POST",
    headers: { "X-CSRFToken": token, Accept: "application/json" },
    body: body(typed),
    keepalive,
  });
}

/** What was sent and has not been typed over since is the server's now. */
function settle(sent: Typed): void {
  for (const [name, all] of Object.entries(sent)) {
    if (JSON.stringify(waiting[name]) === JSON.stringify(all)) delete waiting[name];
  }
  keep();
}

async function save(): Promise<void> {
  if (!form || underway || Object.keys(waiting).length === 0) return;
  underway = true;
  const sent = { ...waiting };
  say(form.dataset.saving ?? "");
  try {
    const answer = await post(sent);
    const said = (await answer.json()) as { saved?: string; error?: { zh: string; en: string } };
    if (answer.ok) {
      settle(sent);
      say(`${form.dataset.saved ?? ""} ${said.saved ?? ""}`);
    } else if (answer.status === 401 || answer.status === 400) {
      say(form.dataset.out ?? "", true);
      later(AGAIN);
    } else {
      const english = document.documentElement.lang.startsWith("en");
      say((english ? said.error?.en : said.error?.zh) ?? form.dataset.lost ?? "", true);
      if (answer.status === 429 || answer.status >= 500) later(AGAIN);
    }
  } catch {
    say(form.dataset.lost ?? "", true);
    later(AGAIN);
  }
  underway = false;
  const isNewer = Object.entries(waiting).some(([name, all]) => sent[name] !== all);
  if (isNewer) later(REST);
}

function typed(event: Event): void {
  const one = event.target as Field;
  const name = one.name;
  if (!form || !name.includes(".") || name.startsWith("file-")) return;
  waiting = { ...waiting, [name]: texts(form, name) };
  keep();
  later(REST);
}

/** What a page that went away had not sent comes back, over what the server knew. */
function restore(root: HTMLFormElement): void {
  for (const [name, all] of Object.entries(kept())) {
    const own = fieldsOf(root, name);
    if (own.length === 0) continue; // no question of today's form
    waiting[name] = all;
    for (const one of own) {
      if (isBox(one)) one.checked = all.includes(one.value);
      else one.value = all[0] ?? "";
    }
  }
  show(root);
  if (Object.keys(waiting).length > 0) void save();
}

if (form) {
  if (new URLSearchParams(location.search).has("sent")) keep(); // it arrived
  else restore(form);
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  window.addEventListener("online", () => void save());
  window.addEventListener("pagehide", () => {
    if (Object.keys(waiting).length > 0) void post(waiting, true).catch(() => undefined);
  });
}

export {};
