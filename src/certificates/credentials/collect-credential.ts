import { ok, type Result } from '../../result.ts';
import { perform, refuseLogged, type VerbContext } from '../../transfers/act.ts';
import type { CertificateRow } from '../issue/store.ts';
import { findHeld } from './find-held.ts';
import { holderOf } from './holder-proof.ts';
import { type IssuedCredential, issueCredential } from './issue-credential.ts';

export interface CollectedCredential extends IssuedCredential {
  readonly certificate: CertificateRow;
}

/**
 * Hands out a new credential of a certificate, to whom the PDF is handed out: whom it was issued to, the pupil, a guardian while policy
 * lets them; never to the school. Each call gives another one.
 *
 * @param input.proof - a JWT by the holder's key with `aud` = this gateway's origin and `nonce` = the certificate's id; null without
 *
 * Faults: certificate.not-found, login.not-checked, credential.proof-refused, and those of `issueCredential`
 */
export async function collectCredential(
  context: VerbContext,
  input: { readonly certificateId: string; readonly proof: string | null },
): Promise<Result<CollectedCredential>> {
  const attempt = { event: 'credential.issued', caseId: null } as const;
  const found = await perform({ ...context, idempotency: null }, attempt, (tx) =>
    findHeld(tx, context, input.certificateId),
  );
  if (!found.ok) return found;
  const certificate = found.value;
  const { gateway } = context;
  const holder =
    input.proof === null
      ? ok(null)
      : await holderOf(input.proof, {
          audience: gateway.settings.PUBLIC_ORIGIN,
          isNonce: (nonce) => nonce === certificate.id,
          now: gateway.clock.now(),
        });
  const issued = holder.ok
    ? await issueCredential(context, { certificate, holder: holder.value, share: null })
    : holder;
  return issued.ok ? ok({ ...issued.value, certificate }) : refuseLogged(context, attempt, issued.fault);
}
