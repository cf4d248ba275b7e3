const forbidden = /[\p{Cc}\\]|^\/|^[A-Za-z]:/u;
const archiveEndings = /\.(?:zip|jar|asice|asics|sce|scs|docx|xlsx|pptx|odt|ods|gz|tgz|bz2|xz|7z|rar|tar|zst)$/i;
const archiveStarts = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
  [0x1f, 0x8b],
  [0x37, 0x7a, 0xbc, 0xaf],
  [0x52, 0x61, 0x72, 0x21],
] as const;

/** The name of an entry; null when it could lead anywhere but into its own folder, or is a folder itself. */
export function zipName(bytes: Uint8Array, encoding: 'utf-8' | 'ascii'): string | null {
  // Without the UTF-8 flag a byte above 7F could be any code page.
  if (bytes.length === 0 || bytes.length > 400 || (encoding === 'ascii' && bytes.some((octet) => octet > 0x7f)))
    return null;
  const name = decode(bytes);
  if (name === null || forbidden.test(name)) return null;
  return name.split('/').some((part) => part === '' || part === '.' || part === '..') ? null : name;
}

/** Two names with one key would be one file on some computer. */
export function zipNameKey(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase();
}

export function hasArchiveName(name: string): boolean {
  return archiveEndings.test(name);
}

export function beginsLikeArchive(content: Uint8Array): boolean {
  return archiveStarts.some((start) => start.every((octet, at) => content[at] === octet));
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
