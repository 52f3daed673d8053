// Installing the page as an app: the browser offers it once, we keep the offer for the button.

interface Offer extends Event {
  prompt(): Promise<unknown>;
}
let offer: Offer | null = null;

export function listen(changed: () => void): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event as Offer;
    changed();
  });
  addEventListener("appinstalled", () => {
    offer = null;
    changed();
  });
}

export const mayInstall = (): boolean => offer !== null;

export async function install(): Promise<void> {
  const given = offer;
  offer = null; // it is good once
  await given?.prompt();
}
