// The live board of a skill.
import "./board.css";
import "./share.css";
import "../people/copy";
import "./award.css";
import "./sky.css";
import "./profile.css";
import "./embed.css";
import { drawLines } from "./lines";
import { follow, lang, need, put, w } from "./page";
import { spoken } from "./spoken";

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
  const aloud = need("#announce");
  const said = aloud.textContent ?? "";
  const now = before ? spoken(before, board, said, lang, w) : "";
  if (now !== said) aloud.textContent = now;
});
