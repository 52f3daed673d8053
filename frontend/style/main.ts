// Every page: the style sheet and the theme switch.
import "./style.css";

const themes = ["podium-light", "podium-dark"] as const;
type Theme = (typeof themes)[number];

function shown(): Theme {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "podium-light" || chosen === "podium-dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "podium-dark" : "podium-light";
}

function choose(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-theme-switch]")) {
  button.hidden = false; // without scripts the page follows the system and shows no switch
  button.addEventListener("click", () => {
    choose(shown() === "podium-dark" ? "podium-light" : "podium-dark");
  });
}
