// Put in by the build: where the files of pdf.js lie, with its version in the name.
declare const PDF_LIBRARY: string;

/** What pdf.js may ask for: tables of Asian encodings, two symbol fonts, three decoders. Nothing else is ever fetched for it. */
const files: readonly RegExp[] = [
  /^cMapUrl\/[A-Za-z0-9][A-Za-z0-9-]{0,40}\.bcmap$/,
  /^standardFontDataUrl\/Foxit(Symbol|Dingbats)\.pfb$/,
  /^wasmUrl\/(openjpeg|jbig2|qcms_bg)\.wasm$/,
];

/** More than any document needs; a frame that asks on and on gets nothing. */
const maxFiles = 200;

/** Hands out the public files that the frame, which may load nothing itself, asks for by name. */
export function openLibrary(): (file: string) => Promise<ArrayBuffer | null> {
  let handedOut = 0;
  return async (file) => {
    if (handedOut++ >= maxFiles || !files.some((allowed) => allowed.test(file))) return null;
    const answer = await fetch(`${PDF_LIBRARY}${file.slice(file.indexOf('/') + 1)}`, { credentials: 'omit' });
    return answer.ok ? answer.arrayBuffer() : null;
  };
}
