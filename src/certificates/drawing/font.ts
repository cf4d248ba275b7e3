import * as fontkit from '@cantoo/fontkit';
import { type FontCoverage, variationSequences } from './font-coverage.ts';

/** The font of certificates: its file, and what it can draw. */
export interface CertificateFont {
  readonly bytes: Uint8Array;
  readonly coverage: FontCoverage;
}

/** Reads a TrueType font; it is parsed once and used for every certificate. @throws for a collection of fonts */
export function openCertificateFont(bytes: Uint8Array): CertificateFont {
  const font = fontkit.create(bytes);
  if ('fonts' in font) throw new Error('One font was expected, not a collection');
  const hasVariation = variationSequences(bytes);
  return { bytes, coverage: { hasCodePoint: (codePoint) => font.hasGlyphForCodePoint(codePoint), hasVariation } };
}

/** Reads and parses the font when it is first needed, and once; after a failure the next one tries again. */
export function lazyFont(read: () => Promise<Uint8Array>): () => Promise<CertificateFont> {
  let opening: Promise<CertificateFont> | null = null;
  return () => {
    opening ??= read().then(openCertificateFont);
    const current = opening;
    current.catch(() => {
      if (opening === current) opening = null;
    });
    return current;
  };
}
