// How a judge likes the tablet: hand, size of letters, contrast, sound, vibration. Kept here, by judge.

export const SIZES = [16, 18, 20, 22, 24] as const; // px

export interface Comfort {
  left: boolean; // what is pressed stands at the left
  size: number;
  contrast: boolean; // at least 7:1 everywhere
  sound: boolean;
  shake: boolean;
}

const USUAL: Comfort = { left: false, size: 16, contrast: false, sound: false, shake: true };
const key = (owner: string): string => `podium-comfort|${owner}`;

export function read(owner: string): Comfort {
  try {
    const kept = JSON.parse(localStorage.getItem(key(owner)) ?? "{}") as Partial<Comfort>;
    return checked({ ...USUAL, ...kept });
  } catch {
    return USUAL;
  }
}

/** Whatever stands in the storage: what is no choice of ours is as usual. */
function checked(kept: Comfort): Comfort {
  const size = SIZES.find((one) => one === kept.size) ?? USUAL.size;
  const flags = { left: kept.left, contrast: kept.contrast, sound: kept.sound, shake: kept.shake };
  const plain = Object.entries(flags).map(([name, on]) => [name, on === true]);
  return { ...(Object.fromEntries(plain) as Omit<Comfort, "size">), size };
}

export function keep(owner: string, comfort: Comfort): void {
  try {
    localStorage.setItem(key(owner), JSON.stringify(comfort));
  } catch {
    // It lasts as long as this page.
  }
}

/** Make the page look so; `null`: as usual. */
export function apply(comfort: Comfort | null): void {
  const root = document.documentElement;
  const { left, size, contrast } = comfort ?? USUAL;
  root.style.fontSize = size === USUAL.size ? "" : `${size}px`;
  root.toggleAttribute("data-left", left);
  root.toggleAttribute("data-large", size >= 20);
  if (contrast) root.dataset["contrast"] = "more";
  else delete root.dataset["contrast"];
}
