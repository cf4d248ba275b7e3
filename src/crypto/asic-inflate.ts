import { Inflate } from 'fflate';

const sliceBytes = 16 * 1024;

/** The content of a deflate stream; null unless it is well-formed and exactly `size` bytes long. */
export function inflate(data: Uint8Array, size: number): Uint8Array | null {
  const stored = storedContent(data, size);
  return stored === 'other' ? inflateBlocks(data, size) : stored;
}

/**
 * Stored blocks read strictly, since the library reads them loosely: padding zero, length and complement agree, nothing
 * behind the last block. 'other' when the stream has compressed blocks.
 */
function storedContent(data: Uint8Array, size: number): Uint8Array | null | 'other' {
  const content = new Uint8Array(size);
  let filled = 0;
  for (let at = 0; at < data.length; ) {
    const header = data[at] ?? 0;
    if ((header & 0x06) !== 0) return 'other';
    const length = (data[at + 1] ?? 0) | ((data[at + 2] ?? 0) << 8);
    const complement = (data[at + 3] ?? 0) | ((data[at + 4] ?? 0) << 8);
    const end = at + 5 + length;
    if (header > 1 || complement !== (~length & 0xffff) || end > data.length || filled + length > size) return null;
    content.set(data.subarray(at + 5, end), filled);
    filled += length;
    at = end;
    if (header === 1) return at === data.length && filled === size ? content : null;
  }
  return null;
}

function inflateBlocks(data: Uint8Array, size: number): Uint8Array | null {
  const content = new Uint8Array(size);
  let filled = 0;
  const stream = new Inflate((chunk) => {
    if (filled + chunk.length > size) throw new RangeError('longer than announced');
    content.set(chunk, filled);
    filled += chunk.length;
  });
  try {
    // In slices, so that a bomb is noticed after at most a thousand times one slice.
    for (let at = 0; at < data.length; at += sliceBytes) {
      stream.push(data.subarray(at, at + sliceBytes), at + sliceBytes >= data.length);
    }
  } catch {
    return null;
  }
  return filled === size ? content : null;
}
