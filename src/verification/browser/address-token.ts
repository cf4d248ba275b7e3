/** What can be verified in the text of a QR code or the part of an address behind `#`; null when that is something else. */
export function tokenIn(text: string): string | null {
  const token = text.includes('#') ? text.slice(text.indexOf('#') + 1) : text.trim();
  return token.startsWith('ey') ? token : null;
}
