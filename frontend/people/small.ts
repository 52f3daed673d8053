// Photos are made small before they are sent: a phone's are a hundred times larger than a card needs.
import { small } from "../picture";

for (const field of document.querySelectorAll<HTMLInputElement>("input[data-small]")) {
  field.addEventListener("change", () => void shrink(field, Number(field.dataset["small"])));
}

/** What is no picture stays as it is: the server says what is wrong with it. */
async function shrink(field: HTMLInputElement, longest: number): Promise<void> {
  const file = field.files?.[0];
  if (!file) return;
  try {
    const made = await small(file, longest);
    const kept = new DataTransfer();
    kept.items.add(new File([made], "photo.jpg", { type: "image/jpeg" }));
    field.files = kept.files;
  } catch {
    return;
  }
}
