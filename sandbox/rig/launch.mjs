/** How the rig's Chromium is started, and the one browser of a worker, which may be started ahead. */
import { chromium } from '@playwright/test';

const env = process.env;

export const OPTIONS = {
  executablePath: env.PODIUM_CHROMIUM,
  chromiumSandbox: env.PODIUM_CHROMIUM_SANDBOX === '1',
  timeout: 60_000,
  args: [
    '--disable-gpu',
    '--disable-dev-shm-usage', // a container's /dev/shm is small
    '--disable-quic',
    '--mute-audio', // sounds are measured before they reach a loudspeaker
    '--autoplay-policy=no-user-gesture-required',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    '--webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--force-color-profile=srgb',
  ],
};

let started = null;

/** This process's browser: the one that was started ahead, if it still lives, else a new one. */
export async function ownBrowser() {
  const early = await started?.catch(() => null);
  if (!early?.isConnected()) started = chromium.launch({ ...OPTIONS, headless: true });
  return started;
}

export async function closeOwn() {
  await (await started?.catch(() => null))?.close();
}
