const maxTitleBytes = 255;
// Control, bidirectional, zero-width and separator characters (U-08), halves of a pair: a title is shown, never a path.
const unsafe = /[\p{Cc}\p{Cs}\u061C\u180E\u200B-\u200F\u202A-\u202E\u2028\u2029\u2060-\u2069\uFEFF/\\:*?"<>|]/gu;
// Names of devices on Windows, with any ending
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\s*(?:\.|$))/i;

/** A title as it is safe to show and to save under: NFC, without characters that lie about what follows, at most 255 bytes. */
export function cleanTitle(text: string): string {
  const shown = text.normalize('NFC').replace(unsafe, ' ').replace(/\s+/g, ' ').replace(reserved, '$1_');
  const title = withoutEnds(cut(withoutEnds(shown)));
  return title === '' ? '—' : title;
}

/** Windows drops dots and spaces at the end of a name, so two names could become one. */
function withoutEnds(text: string): string {
  return text.trim().replace(/[. ]+$/, '');
}

function cut(text: string): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxTitleBytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}
