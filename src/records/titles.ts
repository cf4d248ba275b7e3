const maxTitleBytes = 255;
// Control, bidirectional, zero-width and separator characters (U-08): a title is shown, never a path.
const unsafe = /[\p{Cc}\u200B-\u200F\u202A-\u202E\u2028\u2029\u2060-\u2069\uFEFF/\\:*?"<>|]/gu;

/** A title as it is safe to show: NFC, without characters that lie about what follows, at most 255 bytes. */
export function cleanTitle(text: string): string {
  const shown = text.normalize('NFC').replace(unsafe, ' ').replace(/\s+/g, ' ').trim();
  let title = '';
  for (const character of shown) {
    if (Buffer.byteLength(title + character) > maxTitleBytes) break;
    title += character;
  }
  return title === '' ? '—' : title;
}
