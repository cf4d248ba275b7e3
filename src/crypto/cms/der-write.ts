import { compareBytes } from '../der.ts';

/** Writing DER (X.690 §10): each function gives one complete element. */

export function derElement(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const bytes = contents.reduce((sum, content) => sum + content.length, 0);
  const length = lengthOctets(bytes);
  const element = new Uint8Array(1 + length.length + bytes);
  element[0] = tag;
  element.set(length, 1);
  let at = 1 + length.length;
  for (const content of contents) {
    element.set(content, at);
    at += content.length;
  }
  return element;
}

export function derSequence(...parts: readonly Uint8Array[]): Uint8Array {
  return derElement(0x30, ...parts);
}

/** SET OF: the elements stand in ascending order of their encodings (X.690 §11.6). */
export function derSetOf(parts: readonly Uint8Array[], tag = 0x31): Uint8Array {
  return derElement(tag, ...parts.toSorted(compareBytes));
}

export function derOctetString(content: Uint8Array): Uint8Array {
  return derElement(0x04, content);
}

export function derNull(): Uint8Array {
  return derElement(0x05);
}

export function derTrue(): Uint8Array {
  return derElement(0x01, Uint8Array.of(0xff));
}

/** A non-negative INTEGER. */
export function derInteger(value: number | bigint): Uint8Array {
  const hex = BigInt(value).toString(16);
  return derUnsigned(new Uint8Array(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')));
}

/** A non-negative INTEGER from its big-endian octets. */
export function derUnsigned(octets: Uint8Array): Uint8Array {
  const first = octets.findIndex((octet) => octet !== 0);
  const minimal = first === -1 ? Uint8Array.of(0) : octets.subarray(first);
  const sign = (minimal[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array();
  return derElement(0x02, sign, minimal);
}

export function derOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return derElement(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** GeneralizedTime in whole seconds, or in milliseconds when there are any, without trailing zeros (X.690 §11.7). */
export function derGeneralizedTime(time: Date): Uint8Array {
  const whole = time.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
  const fraction = (time.getUTCMilliseconds() / 1000)
    .toFixed(3)
    .slice(1)
    .replace(/\.?0+$/, '');
  return derElement(0x18, new TextEncoder().encode(`${whole}${fraction}Z`));
}

export function derUtf8String(text: string): Uint8Array {
  return derElement(0x0c, new TextEncoder().encode(text));
}

/** The same element under another tag, as IMPLICIT tagging wants. */
export function retagged(element: Uint8Array, tag: number): Uint8Array {
  const copy = new Uint8Array(element);
  copy[0] = tag;
  return copy;
}

function lengthOctets(bytes: number): Uint8Array {
  if (bytes < 0x80) return Uint8Array.of(bytes);
  const octets: number[] = [];
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(0x80 | octets.length, ...octets);
}

function base128(value: number): number[] {
  const octets = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) octets.unshift(0x80 | (rest % 128));
  return octets;
}
