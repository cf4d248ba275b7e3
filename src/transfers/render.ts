import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import type { Result } from '../result.ts';
import { etagOf, sendProblem } from '../web/answer.ts';
import type { CaseView } from './view.ts';

/** A whole case as JSON with its version as ETag, or the problem. */
export function answerCase(c: Context<AppEnv>, result: Result<CaseView>) {
  if (!result.ok) return sendProblem(c, result.fault);
  c.header('ETag', etagOf(result.value.version));
  return c.json(result.value, 200);
}

export interface Download {
  /** ASCII file name; nothing of the pupil is in it. */
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number | null;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Bytes as an attachment that no browser renders on our origin (U-07). */
export async function download(c: Context<AppEnv>, file: Download): Promise<Response> {
  const body = file.body[Symbol.asyncIterator]();
  c.header('Content-Type', file.mediaType);
  c.header('Content-Disposition', `attachment; filename="${file.name}"`);
  c.header('Content-Security-Policy', "sandbox; default-src 'none'");
  if (file.bytes !== null) c.header('Content-Length', String(file.bytes));
  // Nobody reads the body of an answer to HEAD, and so nobody would end it.
  if (c.req.method === 'HEAD') {
    await body.return?.();
    return c.body(null);
  }
  const first = await body.next();
  // What came whole goes out whole: a stream costs more than a short document.
  if (first.done !== true && first.value.length === file.bytes) {
    await body.next();
    // Sound: no memory here is shared between threads.
    return c.body(first.value as Uint8Array<ArrayBuffer>);
  }
  return c.body(streamOf(first, body));
}

/** The request's body piece by piece; the raw Node stream where there is one (twice as fast as web streams). */
export function bodyStream(c: Context<AppEnv>): AsyncIterable<Uint8Array> {
  const { incoming } = c.env;
  return incoming ?? c.req.raw.body ?? empty();
}

/** The media type that a request's body is said to have; null when none is said, or only that it is bytes. */
export function declaredType(c: Context<AppEnv>): string | null {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  return type === '' || type === 'application/octet-stream' ? null : type;
}

export function declaredLength(c: Context<AppEnv>): number | null {
  const header = c.req.header('content-length');
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : null;
}

function streamOf(
  first: IteratorResult<Uint8Array, unknown>,
  rest: AsyncIterator<Uint8Array, unknown>,
): ReadableStream<Uint8Array> {
  let waiting: IteratorResult<Uint8Array, unknown> | null = first;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = waiting ?? (await rest.next());
      waiting = null;
      if (piece.done === true) controller.close();
      else controller.enqueue(piece.value);
    },
    async cancel() {
      await rest.return?.();
    },
  });
}

async function* empty(): AsyncGenerator<Uint8Array> {}
