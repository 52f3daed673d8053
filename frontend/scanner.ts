// Reads QR codes from the camera: by the browser where it can, else by script; nothing leaves the
// tablet, and no network is needed.

interface Detector {
  detect(from: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface Detectors {
  new (how: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

const LOOK = 150; // ms between two looks
const WIDEST = 640; // px; more only costs time

/** Why there is no picture: the page came over plain HTTP, no camera, or it was forbidden. */
export type NoCamera = "insecure" | "none" | "denied";

export class Scanner {
  private stream: MediaStream | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private over = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly read: (text: string) => void,
  ) {}

  /** Show the camera and look for a code until `stop`. */
  async start(): Promise<NoCamera | null> {
    const { mediaDevices } = navigator;
    if (!mediaDevices) return "insecure";
    try {
      const video = { facingMode: "environment", width: { ideal: 1280 } };
      this.stream = await mediaDevices.getUserMedia({ video, audio: false });
    } catch (error) {
      return (error as Error).name === "NotAllowedError" ? "denied" : "none";
    }
    if (this.over) {
      this.stop();
      return null;
    }
    this.video.srcObject = this.stream;
    await this.video.play().catch(() => undefined);
    void this.look(await finder());
    return null;
  }

  stop(): void {
    this.over = true;
    clearTimeout(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
  }

  private async look(find: Find): Promise<void> {
    if (this.over) return;
    const text = this.video.videoWidth > 0 ? await find(this.video).catch(() => null) : null;
    if (this.over) return;
    if (text) this.read(text);
    this.timer = setTimeout(() => void this.look(find), LOOK);
  }
}

type Find = (video: HTMLVideoElement) => Promise<string | null>;

/** The browser's own reader, else the script's. */
async function finder(): Promise<Find> {
  const own = (window as { BarcodeDetector?: Detectors }).BarcodeDetector;
  const formats: string[] = (await own?.getSupportedFormats().catch(() => [])) ?? [];
  if (own && formats.includes("qr_code")) {
    const detector = new own({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  const { default: decode } = await byScript();
  const canvas = document.createElement("canvas");
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    drawing?.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = drawing?.getImageData(0, 0, canvas.width, canvas.height);
    try {
      return picture ? decode(picture) : null;
    } catch {
      return null; // no code in sight
    }
  };
}

const byScript = (): Promise<typeof import("qr/decode.js")> => import("qr/decode.js");

/** Load the script's reader ahead where it will be needed, so that it is there without a network. */
export function prepare(): void {
  if (!("BarcodeDetector" in window)) void byScript().catch(() => undefined);
}
