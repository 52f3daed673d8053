// Forms open in a dialog over the desk; a form is sent once, however often it is tapped.

export function openAsks(opened: () => void): void {
  const dialog = document.querySelector<HTMLDialogElement>("#ask");

  document.addEventListener("htmx:afterSwap", (event) => {
    const { target } = (event as CustomEvent<{ target: HTMLElement }>).detail;
    if (target.id !== "ask-body" || !dialog) return;
    if (!dialog.open) dialog.showModal();
    opened();
  });

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const closes = event.target === dialog || event.target.closest("#ask [data-close]");
    if (dialog?.open && closes) {
      event.preventDefault();
      dialog.close();
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (form.dataset["sent"]) {
      event.preventDefault();
      return;
    }
    form.dataset["sent"] = "yes";
    form.setAttribute("aria-busy", "true");
  });

  // A page that the browser takes from its memory may be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) {
      delete form.dataset["sent"];
      form.removeAttribute("aria-busy");
    }
  });
}
