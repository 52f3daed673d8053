/** Sign-in, the office and the delegations: pages that need no script of their own, only style. */
import "./access.css";
import "./people.css";
import "./entries.css";
import "./lists.css";
import "./preflight.css";
import "./rules.css";
