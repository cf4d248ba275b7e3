import QRCode from 'qrcode';

/** The squares of a QR code: whether each is dark, from the top left, row by row, without the quiet zone. */
export interface QrModules {
  /** Squares on each side. */
  readonly size: number;
  readonly dark: readonly boolean[];
}

/** What readers need free around a code, in squares (ISO/IEC 18004 §9.1). */
export const quietZone = 4;

export function qrModules(text: string): QrModules {
  const { size, data } = QRCode.create(text, { errorCorrectionLevel: 'M' }).modules;
  return { size, dark: Array.from(data, (square) => square === 1) };
}
