// The pages of a skill's marking scheme; on the one where it is written, the editor.
import "../htmx/main";
import "../desk/desk.css";
import "../desk/forms.css";
import "./pages.css";
import "./editor.css";
import "./rows.css";
import { Editor, type Start } from "./editor";

const root = document.getElementById("scheme-editor");
const data = document.getElementById("scheme-data")?.textContent;
if (root && data) {
  const editor = new Editor(root, JSON.parse(data) as Start);
  // What is adopted is what the server has: the last words go there first.
  document.querySelector<HTMLAnchorElement>("[data-adopt]")?.addEventListener("click", (event) => {
    if (!editor.kept.isDirty) return;
    event.preventDefault();
    const link = event.currentTarget as HTMLAnchorElement;
    void editor.kept.save().then(() => {
      if (!editor.kept.isDirty) location.assign(link.href);
    });
  });
}
