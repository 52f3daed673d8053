// Light or dark: what the reader chose, else what the system says.

const themes = ["podium-light", "podium-dark"] as const;
export type Theme = (typeof themes)[number];

export function shown(): Theme {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "podium-light" || chosen === "podium-dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "podium-dark" : "podium-light";
}

export function choose(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

/** To the other one. */
export function turn(): void {
  choose(shown() === "podium-dark" ? "podium-light" : "podium-dark");
}
