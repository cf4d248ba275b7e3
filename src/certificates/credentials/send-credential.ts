import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import type { CollectedCredential } from './collect-credential.ts';
import type { ExportedTranscript } from './export-transcript.ts';
import type { ExportFormat } from './rules.ts';

export function sendCredential(
  c: Context<AppEnv>,
  { credential, certificate }: Pick<CollectedCredential, 'credential' | 'certificate'>,
): Response {
  const name = `${certificate.kind}-${certificate.number}.sd-jwt`;
  return attachment(c, { text: credential, mediaType: 'application/dc+sd-jwt', name });
}

export function sendExport(c: Context<AppEnv>, { jwt, certificate }: ExportedTranscript, as: ExportFormat): Response {
  const kind = as === 'openBadge' ? 'open-badge' : 'clr';
  return attachment(c, { text: jwt, mediaType: 'application/jwt', name: `${kind}-${certificate.number}.jwt` });
}

/** What no browser renders; its name says nothing of the pupil. */
function attachment(
  c: Context<AppEnv>,
  file: { readonly text: string; readonly mediaType: string; readonly name: string },
): Response {
  return c.body(file.text, 200, {
    'Content-Type': file.mediaType,
    'Content-Disposition': `attachment; filename="${file.name}"`,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cache-Control': 'no-store',
  });
}
