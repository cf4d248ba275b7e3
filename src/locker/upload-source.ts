import { type Fault, fault } from '../faults.ts';

/** How slow a sender may be: only the time spent waiting for its bytes counts, not our own. */
export interface Pace {
  /** Longest pause between two pieces, in milliseconds. */
  readonly idleMs: number;
  /** Least bytes per second, on average, once `graceMs` of waiting have passed. */
  readonly minBytesPerSecond: number;
  readonly graceMs: number;
}

/** U-10: 1 byte per 10 s is refused, 200 MB over 2 Mbit/s with pauses is not. */
const defaultPace: Pace = { idleMs: 30_000, minBytesPerSecond: 2_048, graceMs: 30_000 };

export interface UploadLimits {
  readonly maxBytes: number;
  /** From Content-Length, when it was given. */
  readonly expectedBytes?: number | undefined;
  readonly pace?: Pace | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Carries a refusal out of the middle of a stream. */
export class UploadRefused extends Error {
  readonly fault: Fault;
  constructor(reason: Fault) {
    super(`the upload is refused: ${reason.code}`);
    this.name = 'UploadRefused';
    this.fault = reason;
  }
}

/**
 * Passes the pieces of an upload on, within its limits (ASVS 5.2.1). Whatever the source does wrong (too much, too
 * little, too slow, connection lost) becomes `UploadRefused`, so that it is told apart from a broken store.
 * The source is ended by its `return()`.
 */
export async function* limitUpload(
  source: AsyncIterable<Uint8Array>,
  limits: UploadLimits,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { maxBytes, expectedBytes } = limits;
  if (expectedBytes !== undefined && expectedBytes > maxBytes) throw tooLarge(maxBytes);
  const reader = openReader(source, limits);
  let received = 0;
  try {
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) {
      received += next.value.length;
      // Counted in the stream: a declared length may lie.
      if (received > maxBytes) throw tooLarge(maxBytes);
      if (expectedBytes !== undefined && received > expectedBytes) throw refusal('document.truncated', 'longer');
      yield next.value;
    }
    if (expectedBytes !== undefined && received < expectedBytes) throw refusal('document.truncated', 'shorter');
  } finally {
    reader.close();
  }
}

interface Reader {
  next(): Promise<IteratorResult<Uint8Array, unknown>>;
  close(): void;
}

function openReader(source: AsyncIterable<Uint8Array>, { pace = defaultPace, signal }: UploadLimits): Reader {
  const iterator: AsyncIterator<Uint8Array, unknown> = source[Symbol.asyncIterator]();
  let waitingSince: number | null = null;
  let waitedMs = 0;
  let received = 0;
  let ended = false;
  // One pending refusal at a time instead of a race per piece, which would keep every piece alive until the end.
  let refuse: ((reason: unknown) => void) | null = null;

  function watch(): void {
    if (waitingSince === null) return;
    const idle = performance.now() - waitingSince;
    const waited = waitedMs + idle;
    const starved = waited > pace.graceMs && (received / waited) * 1000 < pace.minBytesPerSecond;
    if (idle > pace.idleMs || starved) refuse?.(refusal('document.too-slow', starved ? 'rate' : 'idle'));
  }
  function abort(): void {
    refuse?.(refusal('document.truncated', 'aborted'));
  }

  async function read(): Promise<IteratorResult<Uint8Array, unknown>> {
    let result: IteratorResult<Uint8Array, unknown>;
    try {
      result = await iterator.next();
    } catch (error) {
      ended = true;
      throw refusal('document.truncated', errorCode(error));
    }
    waitedMs += performance.now() - (waitingSince ?? 0);
    waitingSince = null;
    if (result.done === true) ended = true;
    else received += result.value.length;
    return result;
  }

  const timer = setInterval(watch, Math.min(1_000, pace.idleMs / 4, pace.graceMs / 4));
  signal?.addEventListener('abort', abort);
  return {
    next() {
      if (signal?.aborted === true) return Promise.reject(refusal('document.truncated', 'aborted'));
      waitingSince = performance.now();
      return new Promise((resolve, reject) => {
        refuse = reject;
        read().then(resolve, reject);
      });
    },
    close() {
      clearInterval(timer);
      signal?.removeEventListener('abort', abort);
      // Not awaited: a source that hangs in next() would never answer.
      if (!ended) iterator.return?.().catch(() => undefined);
    },
  };
}

function tooLarge(maxBytes: number): UploadRefused {
  return new UploadRefused(fault('request.too-large', { params: { limit: `${Math.floor(maxBytes / 2 ** 20)} MiB` } }));
}

function refusal(code: 'document.truncated' | 'document.too-slow', detail: string): UploadRefused {
  return new UploadRefused(fault(code, { detail }));
}

/** Names the failure without its message, which may quote what was sent. */
function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
