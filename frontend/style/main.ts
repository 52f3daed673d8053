// Every page: the style sheet and the theme switch.
import { turn } from "../theme";
import "./style.css";

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-theme-switch]")) {
  button.hidden = false; // without scripts the page follows the system and shows no switch
  button.addEventListener("click", turn);
}

// On a phone the links of the bar run past its side: the one of this page is brought into view.
const nav = document.querySelector<HTMLElement>(".bar-nav");
const here = nav?.querySelector<HTMLElement>('[aria-current="page"]');
if (nav && here) {
  nav.scrollLeft = here.offsetLeft - nav.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
}
