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
export function download(c: Context<AppEnv>, file: Download): Response {
  c.header('Content-Type', file.mediaType);
  c.header('Content-Disposition', `attachment; filename="${file.name}"`);
  c.header('Content-Security-Policy', "sandbox; default-src 'none'");
  if (file.bytes !== null) c.header('Content-Length', String(file.bytes));
  return c.body(streamOf(file.body));
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

function streamOf(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = await iterator.next();
      if (piece.done === true) controller.close();
      else controller.enqueue(piece.value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

async function* empty(): AsyncGenerator<Uint8Array> {}
