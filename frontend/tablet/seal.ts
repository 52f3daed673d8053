// The file of unsent marks, sealed with this tablet's token: nobody reads votes in it or changes it.
// HMAC-SHA256 in counter mode, then signed, as judging/outbox_seal.py opens it. Not the browser's own
// cryptography: that is missing where the page came over plain HTTP.
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

const BLOCK = 32;

export interface Sealed {
  nonce: string;
  sealed: string; // base64
  mac: string;
}

export function seal(token: string, text: string, nonce = fresh()): Sealed {
  const hash = bytesToHex(sha256(utf8ToBytes(token))); // what the server keeps of the token
  const key = (use: string): Uint8Array =>
    hmac(sha256, utf8ToBytes(hash), utf8ToBytes(`podium outbox ${use}`));
  const stream = key("seal");
  const mixed = utf8ToBytes(text);
  for (let at = 0; at < mixed.length; at += BLOCK) {
    const block = hmac(sha256, stream, utf8ToBytes(`${nonce}:${at / BLOCK}`));
    for (let i = 0; i < BLOCK && at + i < mixed.length; i += 1) {
      mixed[at + i] = (mixed[at + i] ?? 0) ^ (block[i] ?? 0);
    }
  }
  const mac = hmac(sha256, key("mac"), concatBytes(utf8ToBytes(nonce), mixed));
  return { nonce, sealed: base64(mixed), mac: bytesToHex(mac) };
}

const fresh = (): string => bytesToHex(crypto.getRandomValues(new Uint8Array(16)));

export function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
