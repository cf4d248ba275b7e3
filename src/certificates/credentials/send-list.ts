import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import type { SignedList } from './status-list-cache.ts';

/** A status list, for everybody; nothing once more to whoever has it. */
export function sendList(c: Context<AppEnv>, { token, etag }: SignedList, mediaType: string): Response {
  c.header('ETag', etag);
  // To be kept, and asked after each time: how long it may be used says the list itself.
  c.header('Cache-Control', 'public, no-cache');
  c.header('Access-Control-Allow-Origin', '*');
  if (isKnown(c.req.header('if-none-match'), etag)) return c.body(null, 304);
  return c.body(token, 200, { 'Content-Type': mediaType });
}

/** RFC 9110 §13.1.2: weakly compared, since a proxy that compresses weakens the tag. */
function isKnown(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag) ?? false;
}
