/** Sign-in, the office and the delegations: pages that need little more than style. */
import "./access.css";
import "./people.css";
import "./entries.css";
import "./preflight.css";
import "./rules.css";

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
