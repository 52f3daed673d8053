// What is typed into a long form survives a phone that reloads the page: it stands in this tab's
// sessionStorage until the form is sent. Identity numbers and telephones are never written there.

const form = document.querySelector<HTMLFormElement>("form[data-draft]");
const key = `podium-draft:${form?.dataset.draft ?? ""}`;
const NEVER = /^(id_number|phone)-|^csrf_token$/;

function fields(): (HTMLInputElement | HTMLSelectElement)[] {
  if (!form) return [];
  const all = form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input[name], select");
  return [...all].filter((one) => !NEVER.test(one.name));
}

function isBox(one: HTMLInputElement | HTMLSelectElement): one is HTMLInputElement {
  return one instanceof HTMLInputElement && one.type === "checkbox";
}

function keep(): void {
  const typed: Record<string, string> = {};
  for (const one of fields()) {
    const value = isBox(one) ? (one.checked ? "1" : "") : one.value;
    if (value) typed[one.name] = value;
  }
  try {
    if (Object.keys(typed).length > 0) sessionStorage.setItem(key, JSON.stringify(typed));
    else sessionStorage.removeItem(key);
  } catch {
    // a full or forbidden store: the form works without
  }
}

function kept(): Record<string, string> {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}

/** Only into an untouched form: what the server gives back with its sentences comes first. */
function restore(): void {
  const typed = kept();
  const isTouched = fields().some((one) => (isBox(one) ? one.checked : one.value !== ""));
  if (isTouched) keep(); // somebody was quicker than this script
  if (isTouched || Object.keys(typed).length === 0) return;
  for (const one of fields()) {
    const value = typed[one.name] ?? "";
    if (isBox(one)) one.checked = value === "1";
    else one.value = value;
  }
  const said = form?.querySelector<HTMLElement>("[data-draft-said]");
  if (said) said.hidden = false;
}

if (form) {
  restore();
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
}
// Only a page that says so knows that the form arrived; a lost connection keeps what was typed.
if (new URLSearchParams(location.search).has("sent")) {
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith("podium-draft:")) sessionStorage.removeItem(name);
    }
  } catch {
    // nothing is kept where nothing may be
  }
}

export {};
