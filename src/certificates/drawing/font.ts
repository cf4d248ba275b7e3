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
