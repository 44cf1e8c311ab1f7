/** Random identities made in the browser. */

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** UUIDv7: sorts by the time it was made. Works without a secure context, unlike crypto.randomUUID. */
export function uuid7(now: number = Date.now()): string {
  const bytes = random(16);
  for (let i = 5, rest = now; i >= 0; i -= 1, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** 32 random bytes in base64url: the only proof that a thread is this subscriber's. */
export function newToken(): string {
  const text = btoa(String.fromCharCode(...random(32)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
