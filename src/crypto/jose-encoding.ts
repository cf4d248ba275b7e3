const base64urlForm = /^[A-Za-z0-9_-]*$/;
const base64Form = /^[A-Za-z0-9+/]*={0,2}$/;

export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/** Canonical base64url only: no padding, no blanks, unused bits zero (RFC 4648 §3.5). Null when it is anything else. */
export function parseBase64url(text: string): Uint8Array | null {
  if (!base64urlForm.test(text) || text.length % 4 === 1) return null;
  const bytes = new Uint8Array(Buffer.from(text, 'base64url'));
  return toBase64url(bytes) === text ? bytes : null;
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** Canonical padded base64 only, as `x5c` wants it (RFC 7515 §4.1.6). Null when it is anything else. */
export function parseBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !base64Form.test(text)) return null;
  const bytes = new Uint8Array(Buffer.from(text, 'base64'));
  return toBase64(bytes) === text ? bytes : null;
}
