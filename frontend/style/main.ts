// Every page: the style sheet and the theme switch.
import { turn } from "../theme";
import "./style.css";

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-theme-switch]")) {
  button.hidden = false; // without scripts the page follows the system and shows no switch
  button.addEventListener("click", turn);
}
