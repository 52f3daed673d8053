// Draws a QR code as one path, dark on white whatever the look of the page.
import encodeQR from "qr";

const SVG = "http://www.w3.org/2000/svg";

/** `label`: what who cannot see it is told; without one, the text itself. */
export function qr(text: string, ecc: "low" | "medium" = "medium", label = text): SVGSVGElement {
  const cells = encodeQR(text, "raw", { ecc, border: 2 });
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("viewBox", `0 0 ${cells.length} ${cells.length}`);
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", label);
  const path = document.createElementNS(SVG, "path");
  const dark = cells.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : "")));
  path.setAttribute("d", dark.join(""));
  made.append(path);
  return made;
}
