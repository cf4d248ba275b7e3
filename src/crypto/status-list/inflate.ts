/** The zlib form (RFC 1950) of these bytes. */
export async function deflate(data: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(data)]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The content of a whole zlib stream; null when it is damaged, cut, followed by anything, or longer than `maxBytes`. */
export async function inflateBounded(data: Uint8Array, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    const reader = slicesOf(data).pipeThrough(new DecompressionStream('deflate')).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > maxBytes) {
        // Whether the rest is well-formed does not matter any more.
        await reader.cancel().catch(() => undefined);
        return null;
      }
      chunks.push(value);
    }
  } catch {
    return null;
  }
  const content = concat(chunks, length);
  return checksumOf(data) === adler32(content) ? content : null;
}

const sliceBytes = 4 * 1024;

/** In slices, and only as they are asked for, so that a bomb is noticed after at most a thousand times one slice. */
function slicesOf(data: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= data.length) return controller.close();
      controller.enqueue(new Uint8Array(data.subarray(at, at + sliceBytes)));
      at += sliceBytes;
    },
  });
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const content = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    content.set(chunk, at);
    at += chunk.length;
  }
  return content;
}

/** RFC 1950 §2.2: the last four bytes. Not every runtime minds what follows them, or that they are missing. */
function checksumOf(data: Uint8Array): number | null {
  return data.length < 6 ? null : new DataView(data.buffer, data.byteOffset + data.length - 4, 4).getUint32(0);
}

/** RFC 1950 §8.2. */
function adler32(data: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let at = 0; at < data.length; at += 4096) {
    // 4096 sums of bytes stay below 2^53 by far.
    for (const byte of data.subarray(at, at + 4096)) {
      low += byte;
      high += low;
    }
    low %= 65521;
    high %= 65521;
  }
  return high * 65536 + low;
}
