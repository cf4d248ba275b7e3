import * as fontkit from '@cantoo/fontkit';
import { decodePDFRawStream, PDFArray, PDFDict, PDFDocument, PDFName, PDFRawStream, PDFStream } from 'pdf-lib';

interface Pages {
  /** Of each page, pieces one after the other. */
  readonly texts: readonly string[];
  /** The outlines of all glyphs in the order of drawing. */
  readonly outlines: readonly string[];
}

/**
 * Reads what is drawn: text by the font's own table, and the outline of every glyph in the embedded font. A character that
 * would be a blank on paper throws, whatever the text layer says (trust in text alone has been misled before).
 */
export async function readPages(pdf: Uint8Array): Promise<Pages> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false });
  const streams = document.context
    .enumerateIndirectObjects()
    .flatMap(([, one]) => (one instanceof PDFDict ? [one] : []));
  const composite = streams.find((one) => one.get(PDFName.of('Subtype')) === PDFName.of('Type0'));
  const descriptor = streams.find((one) => one.get(PDFName.of('Type')) === PDFName.of('FontDescriptor'));
  if (composite === undefined || descriptor === undefined) throw new Error('no embedded font');
  const subset = fontkit.create(streamIn(descriptor, 'FontFile2'));
  if ('fonts' in subset) throw new Error('a collection of fonts');
  const characters = toUnicode(Buffer.from(streamIn(composite, 'ToUnicode')).toString());
  const outlines: string[] = [];
  const texts = document.getPages().map((page) => {
    const shown = Buffer.from(contentsOf(page.node.Contents()))
      .toString('latin1')
      .matchAll(/<([0-9A-Fa-f]+)> Tj/g);
    return Array.from(shown, ([, hex = '']) => {
      const ids = (hex.match(/.{4}/g) ?? []).map((id) => Number.parseInt(id, 16));
      return ids
        .map((id) => {
          const character = characters.get(id) ?? '';
          const outline = subset.getGlyph(id)?.path.toSVG() ?? '';
          if (outline === '' && character.trim() !== '') throw new Error(`${character} is a blank on the paper`);
          outlines.push(outline);
          return character;
        })
        .join('');
    }).join('\n');
  });
  return { texts, outlines };
}

/** All that is drawn, without the breaks of lines. */
export async function drawnText(pdf: Uint8Array): Promise<string> {
  const { texts } = await readPages(pdf);
  return texts.join('\n').replaceAll('\n', '');
}

/** The decoded stream under a name of a dictionary. */
export function streamIn(dictionary: PDFDict, name: string): Uint8Array {
  return contentOf(dictionary.lookup(PDFName.of(name)));
}

function contentsOf(contents: PDFStream | PDFArray | undefined): Uint8Array {
  if (!(contents instanceof PDFArray)) return contentOf(contents);
  return Buffer.concat(Array.from({ length: contents.size() }, (_, index) => contentOf(contents.lookup(index))));
}

function contentOf(stream: unknown): Uint8Array {
  if (!(stream instanceof PDFRawStream)) throw new Error('not a stream');
  return decodePDFRawStream(stream).decode();
}

/** `<0001> <3042>`, or several UTF-16 units for one glyph. */
function toUnicode(cmap: string): ReadonlyMap<number, string> {
  const pairs = cmap.matchAll(/<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\n/g);
  return new Map(
    Array.from(pairs, ([, id = '', units = '']) => [
      Number.parseInt(id, 16),
      String.fromCharCode(...(units.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16))),
    ]),
  );
}
