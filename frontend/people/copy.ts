// A button that copies a field's text; without scripts or the clipboard it is not there.

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
  const field = document.querySelector<HTMLTextAreaElement>(`#${button.dataset["copy"]}`);
  const said = document.querySelector<HTMLElement>("[data-copied]");
  if (!field || !said || !("clipboard" in navigator)) continue; // no HTTPS: select by hand
  button.hidden = false;
  button.addEventListener("click", () => {
    void navigator.clipboard.writeText(field.value).then(() => (said.hidden = false));
  });
}
