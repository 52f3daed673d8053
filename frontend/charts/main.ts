// The charts of a skill come drawn from the site; here is only how they look.
import "../board/board.css";
import "./charts.css";
