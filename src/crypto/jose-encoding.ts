const base64urlForm = /^[A-Za-z0-9_-]*$/;
const base64Form = /^[A-Za-z0-9+/]*={0,2}$/;
// What the last character may be, by how many follow the last group of four: its unused bits are zero.
const lastOf2 = /[AQgw]$/;
const lastOf3 = /[AEIMQUYcgkosw048]$/;

export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/** Canonical base64url only: no padding, no blanks, unused bits zero (RFC 4648 §3.5). Null when it is anything else. */
export function parseBase64url(text: string): Uint8Array | null {
  return base64urlForm.test(text) && endsInZeros(text) ? new Uint8Array(Buffer.from(text, 'base64url')) : null;
}

/** Whether a text of base64 without its padding has a length that can be, and no bit that says nothing. */
function endsInZeros(text: string): boolean {
  const rest = text.length % 4;
  return rest === 0 || (rest === 2 && lastOf2.test(text.slice(-1))) || (rest === 3 && lastOf3.test(text.slice(-1)));
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** Canonical padded base64 only, as `x5c` wants it (RFC 7515 §4.1.6). Null when it is anything else. */
export function parseBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !base64Form.test(text)) return null;
  return endsInZeros(text.slice(-4).replace(/=+$/, '')) ? new Uint8Array(Buffer.from(text, 'base64')) : null;
}
