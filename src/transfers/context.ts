import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import type { IdempotencyClaim, VerbContext } from './act.ts';
import { sha256Hex } from './ids.ts';

/** The context of a verb from a request: who asks, and under which idempotency key. */
export async function verbContext(c: Context<AppEnv>): Promise<VerbContext> {
  return { gateway: c.get('gateway'), actor: c.get('actor'), idempotency: await claimOf(c) };
}

/** An upload is identified by its digest header: its body is not read to be fingerprinted. */
export async function uploadContext(c: Context<AppEnv>): Promise<VerbContext> {
  const key = c.req.header('idempotency-key');
  const print = `${c.req.header('repr-digest') ?? ''} ${c.req.header('content-length') ?? ''}`;
  const idempotency = key === undefined ? null : await claim(c, key, new TextEncoder().encode(print));
  return { gateway: c.get('gateway'), actor: c.get('actor'), idempotency };
}

async function claimOf(c: Context<AppEnv>): Promise<IdempotencyClaim | null> {
  const key = c.req.header('idempotency-key');
  if (key === undefined) return null;
  return claim(c, key, new Uint8Array(await c.req.arrayBuffer()));
}

async function claim(c: Context<AppEnv>, key: string, body: Uint8Array): Promise<IdempotencyClaim> {
  return {
    key: await sha256Hex(new TextEncoder().encode(key)),
    operation: `${c.req.method} ${c.req.path}`,
    fingerprint: await sha256Hex(body),
  };
}
