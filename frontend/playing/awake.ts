// A screen in a hall must not go to sleep. Where the browser has no wake lock, the system's settings
// have to see to it.

async function hold(): Promise<void> {
  if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
  await navigator.wakeLock.request("screen").catch(() => undefined);
}

export function stayAwake(): void {
  document.addEventListener("visibilitychange", () => void hold());
  void hold();
}
