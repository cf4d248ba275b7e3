import { parseJws } from '../crypto/jose.ts';

const maxBytes = 2 * 1024 * 1024;

/**
 * Text that begins as a compact JWS does, whatever follows, also as a QR code has it: behind the `#` of an address. Null for anything
 * else. Only blanks around it are taken off.
 */
export function compactTokenIn(bytes: Uint8Array): string | null {
  if (bytes.length > maxBytes) return null;
  const text = new TextDecoder('latin1')
    .decode(bytes)
    .trim()
    .replace(/^https?:\/\/[^\s#]{1,300}#/, '');
  return /^ey[^.]{1,65536}\.[^.]*\./.test(text) ? text : null;
}

/** What kind of token it says it is (`typ`); null when its first part is no header. */
export function typeOfToken(text: string): string | null {
  const [jwt = ''] = text.split('~', 1);
  const [header = ''] = jwt.split('.', 1);
  // Signature and payload are looked at later, by whoever verifies: a token of no algorithm is still a token of its kind.
  const parsed = parseJws({ protected: header, payload: '', signature: 'AA' });
  const type = parsed.ok ? parsed.value.protectedHeader['typ'] : null;
  return typeof type === 'string' ? type : null;
}
