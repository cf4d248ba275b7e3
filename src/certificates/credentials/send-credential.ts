import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import type { CollectedCredential } from './collect-credential.ts';

/** As an attachment that no browser renders; its name says nothing of the pupil. */
export function sendCredential(c: Context<AppEnv>, { credential, certificate }: CollectedCredential): Response {
  return c.body(credential, 200, {
    'Content-Type': 'application/dc+sd-jwt',
    'Content-Disposition': `attachment; filename="${certificate.kind}-${certificate.number}.sd-jwt"`,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cache-Control': 'no-store',
  });
}
