/** Sign-in, the office and the delegations: pages that need little more than style. */
/** Sign-in, the office and the delegations: mostly style; the search of the office. */
import "../htmx/main";
import "./answers";
import "./bulk";
import "./copy";
import "./draft";
import "./find";
import "./small";
import "./access.css";
import "./people.css";
import "./add.css";
import "./answers.css";
import "./books.css";
import "./embeds.css";
import "./ceremony.css";
import "./entries.css";
import "./find.css";
import "./ledger.css";
import "./lists.css";
import "./preflight.css";
import "./profile.css";
import "./preparation.css";
import "./release.css";
import "./roster.css";
import "./judges.css";
import "./rules.css";
import "./technical.css";

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
