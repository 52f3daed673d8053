// The shapes inside the page: a reference to another file would lose them with the network.
import shapes from "../../static/shapes.svg?raw";

/** Put them in once, under names of their own. */
export function putShapes(): void {
  const holder = document.createElement("div");
  holder.hidden = true;
  holder.innerHTML = shapes.replaceAll('id="', 'id="shape-');
  document.body.append(holder);
}
