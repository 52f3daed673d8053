// Short tones and vibrations, made here: no file to load, none to miss without a network.

export type Buzz = "tap" | "right" | "wrong" | "held";

const TONES: Record<Buzz, [hertz: number, ms: number][]> = {
  tap: [[1_400, 25]],
  held: [[900, 60]],
  right: [
    [880, 70],
    [1_320, 90],
  ],
  wrong: [[220, 220]],
};
const SHAKES: Record<Buzz, number | number[]> = {
  tap: 12,
  held: 30,
  right: 25,
  wrong: [60, 60, 60],
};
let audio: AudioContext | null = null;

export function buzz(kind: Buzz, how: { sound: boolean; shake: boolean }): void {
  if (how.shake) navigator.vibrate?.(SHAKES[kind]);
  if (!how.sound || !("AudioContext" in globalThis)) return;
  audio ??= new AudioContext();
  let at = audio.currentTime;
  for (const [hertz, ms] of TONES[kind]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.06, at);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + ms / 1_000);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    at += ms / 1_000;
    tone.stop(at);
  }
}
