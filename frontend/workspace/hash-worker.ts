// Runs beside the page: the SHA-256 of a file, four megabytes at a time.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const PIECE = 4 << 20;

async function digest(file: Blob): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < file.size; at += PIECE) {
    hash.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
    self.postMessage({ share: Math.min(1, (at + PIECE) / file.size) });
  }
  return bytesToHex(hash.digest());
}

self.addEventListener("message", (event: MessageEvent<Blob>) => {
  digest(event.data).then(
    (hex) => self.postMessage({ hex }),
    () => self.postMessage({ failed: true }),
  );
});
