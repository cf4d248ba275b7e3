const maxBlockBytes = 0xffff;

/** Length of `size` bytes as stored blocks of a deflate stream. */
export function storedBlocksBytes(size: number): number {
  return size + 5 * Math.max(1, Math.ceil(size / maxBlockBytes));
}

/** Bytes as a deflate stream of stored blocks (RFC 1951 §3.2.4); the source must give exactly `size` bytes. Nothing is buffered. */
export async function* storedBlocks(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let remaining = size;
  let inBlock = 0;
  if (size === 0) yield blockHeader(0, 'last');
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      if (inBlock === 0) {
        inBlock = Math.min(remaining, maxBlockBytes);
        yield blockHeader(inBlock, inBlock === remaining ? 'last' : 'more');
      }
      const piece = chunk.subarray(at, at + inBlock);
      yield piece;
      at += piece.length;
      inBlock -= piece.length;
      remaining -= piece.length;
    }
  }
}

function blockHeader(bytes: number, place: 'last' | 'more'): Uint8Array {
  const complement = ~bytes & 0xffff;
  return Uint8Array.of(place === 'last' ? 1 : 0, bytes & 0xff, bytes >> 8, complement & 0xff, complement >> 8);
}
