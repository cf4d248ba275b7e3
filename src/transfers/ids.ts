/** Random names: nothing about a school, a region or a pupil can be read from them (privacy P-06). */
export function newId(): string {
  return base32(crypto.getRandomValues(new Uint8Array(16)));
}

/** A 受取番号: 80 random bits in four groups that can be read over a telephone. */
export function newAcceptanceCode(): string {
  const text = base32(crypto.getRandomValues(new Uint8Array(10))).toUpperCase();
  return text.replace(/(.{4})(?=.)/g, '$1-');
}

/** What is stored of an acceptance code: typed forms with spaces, hyphens or small letters are equal. */
export async function acceptanceCodeHash(code: string): Promise<string> {
  const bare = code
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z2-7]/g, '');
  return sha256Hex(new TextEncoder().encode(`hikitsugi/acceptance-code/${bare}`));
}

export async function sha256Hex(data: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(data));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      text += alphabet[(value >>> (bits - 5)) & 31] ?? '';
      bits -= 5;
    }
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + (alphabet[(value << (5 - bits)) & 31] ?? '');
}
