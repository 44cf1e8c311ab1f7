/** Random identities made in the browser. */

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

/** UUIDv7: sorts by the time it was made. Works without a secure context, unlike crypto.randomUUID. */
export function uuid7(now: number = Date.now()): string {
  const time = now.toString(16).padStart(12, "0");
  const noise = Array.from(random(9), (byte) => (byte + 256).toString(16).slice(1)).join("");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${noise.slice(0, 3)}-8${noise.slice(3, 6)}-${noise.slice(6)}`;
}

/** 32 random bytes in base64url: the only proof that a thread is this subscriber's. */
export function newToken(): string {
  const text = btoa(String.fromCharCode(...random(32)));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace("=", "");
}
