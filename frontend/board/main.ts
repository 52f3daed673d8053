// The live board of a skill.
import "./board.css";
import "./share.css";
import "../people/copy";
import "./award.css";
import "./sky.css";
import "./profile.css";
import "./embed.css";
import { pick } from "../words";
import type { Board } from "./document";
import { drawLines } from "./lines";
import { follow, lang, need, put, w } from "./page";

follow((board, before) => {
  const released = need("#released");
  released.hidden = !board.progress?.of;
  if (board.progress) {
    put("released", w.released(board.progress.released, board.progress.of));
    const bar = need<HTMLProgressElement>("#released progress");
    bar.max = board.progress.of || 1;
    bar.value = board.progress.released;
  }
  drawLines(
    {
      body: need("#standings tbody"),
      template: need<HTMLTemplateElement>("#line"),
      max: board.max,
      criteria: board.criteria,
      lang,
      words: w,
    },
    board.standings,
  );
  need("#scale").hidden = !board.scale;
  need("#standings").toggleAttribute("data-scaled", Boolean(board.scale));
  if (before) announce(before, board);
});

/** Says a new first place aloud, once: the table itself would be read as a whole. */
function announce(before: Board, after: Board): void {
  const was = before.standings[0];
  const is = after.standings[0];
  if (is?.place !== 1 || was?.label_zh === is.label_zh) return;
  need("#announce").textContent = w.moved(pick(is, "label", lang), 1);
}
