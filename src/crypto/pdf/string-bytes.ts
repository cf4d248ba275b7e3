import { isText, type PdfValue } from './values.ts';

const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

/** What a string object stands for, escapes undone (ISO 32000-2 §7.3.4); null for anything else. */
export function stringBytes(value: PdfValue | undefined): Uint8Array | null {
  if (!isText(value)) return null;
  const written = value.source.subarray(value.start + 1, value.end - 1);
  return value.source[value.start] === 0x3c ? hexBytes(written) : literalBytes(written);
}

function hexBytes(written: Uint8Array): Uint8Array {
  const bytes = new Uint8Array((written.length + 1) >> 1);
  let count = 0;
  for (const byte of written) {
    const digit = digitOf(byte);
    if (digit === null) continue;
    // A last digit alone is followed by 0.
    bytes[count >> 1] = (bytes[count >> 1] ?? 0) | (count % 2 === 0 ? digit << 4 : digit);
    count += 1;
  }
  return bytes.subarray(0, (count + 1) >> 1);
}

function digitOf(byte: number): number | null {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : null;
}

function literalBytes(written: Uint8Array): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < written.length; ) {
    const byte = written[at] ?? 0;
    at += 1;
    if (byte === 0x0d) {
      // §7.3.4.2: every end of line within a string counts as one line feed.
      if (written[at] === 0x0a) at += 1;
      bytes.push(0x0a);
    } else if (byte === 0x5c) at = escaped(written, at, bytes);
    else bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** Behind a backslash: gives the place of what follows. */
function escaped(written: Uint8Array, start: number, bytes: number[]): number {
  const byte = written[start] ?? 0;
  const octal = /^[0-7]{1,3}/.exec(String.fromCharCode(...written.subarray(start, start + 3)))?.[0];
  if (octal !== undefined) {
    bytes.push(Number.parseInt(octal, 8) & 0xff);
    return start + octal.length;
  }
  // A line that is broken by a backslash goes on.
  if (byte === 0x0a) return start + 1;
  if (byte === 0x0d) return start + (written[start + 1] === 0x0a ? 2 : 1);
  bytes.push(escapes[String.fromCharCode(byte)] ?? byte);
  return start + 1;
}
