/** Bytes that arrived and wait to be worked on, as they came: nothing is copied or joined. */
export interface ByteQueue {
  readonly pieces: Uint8Array[];
  /** Where the unread part of the first piece begins. */
  offset: number;
  length: number;
}

export function createByteQueue(): ByteQueue {
  return { pieces: [], offset: 0, length: 0 };
}

export function push(queue: ByteQueue, piece: Uint8Array): void {
  if (piece.length === 0) return;
  queue.pieces.push(piece);
  queue.length += piece.length;
}

/** Takes the next bytes, at most `atMost` and at most the rest of the first piece; empty when there are none. */
export function takePiece(queue: ByteQueue, atMost: number): Uint8Array {
  const first = queue.pieces[0];
  if (first === undefined) return new Uint8Array(0);
  const end = Math.min(first.length, queue.offset + atMost);
  const taken = first.subarray(queue.offset, end);
  queue.length -= taken.length;
  queue.offset = end;
  if (end === first.length) {
    queue.pieces.shift();
    queue.offset = 0;
  }
  return taken;
}

/** Takes exactly `count` bytes, which the queue must hold; copies only when they lie across pieces. */
export function takeExactly(queue: ByteQueue, count: number): Uint8Array {
  if (queue.length < count) throw new RangeError('the queue holds fewer bytes');
  const first = takePiece(queue, count);
  if (first.length === count) return first;
  const whole = new Uint8Array(count);
  whole.set(first);
  for (let at = first.length; at < count; ) {
    const piece = takePiece(queue, count - at);
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
