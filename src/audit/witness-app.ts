import { Hono } from 'hono';
import { readAtMost } from './bytes.ts';
import { noteFromBytes } from './note.ts';
import type { Witness } from './witness.ts';
import { maxRequestBytes } from './witness-request.ts';

/** The one address of a witness (C2SP tlog-witness): `POST /add-checkpoint`. */
export function witnessApp(witness: Witness): Hono {
  const app = new Hono();
  app.post('/add-checkpoint', async (c) => {
    const body = await readBody(c.req.raw);
    if (body === null) return c.text('request.malformed\n', 400);
    const answer = await witness.addCheckpoint(body);
    return c.body(answer.body, answer.status, { 'Content-Type': answer.type });
  });
  return app;
}

async function readBody({ body }: Request): Promise<string | null> {
  const bytes = body === null ? null : await readAtMost(body, maxRequestBytes);
  return bytes === null ? null : noteFromBytes(bytes);
}
