/**
 * Every PEM block of that label (RFC 7468), in order, as DER. Text between the blocks is ignored; a block that is no base64 throws:
 * most PEM comes from files of the operator, and whoever reads a request's is ready for it.
 */
export function pemToDer(text: string, label: string): Uint8Array[] {
  const blocks = text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g);
  return [...blocks].filter((block) => block[1] === label).map((block) => fromBase64(block[2] ?? ''));
}

/** One PEM block with lines of 64 characters and a line feed at its end. */
export function derToPem(der: Uint8Array, label: string): string {
  const base64 = btoa(Array.from(der, (byte) => String.fromCharCode(byte)).join(''));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll(/\s/g, '')), (character) => character.charCodeAt(0));
}
