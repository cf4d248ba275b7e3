import type { Signer } from '../../crypto/signer.ts';
import { issuerNamesOf } from '../../crypto/x5c.ts';
import { parseX509Certificate } from '../../crypto/x509/certificate.ts';
import { systemScope } from '../../database/scope.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { openSigner } from '../issue/open-signer.ts';
import { certificatesJob } from '../requests/record.ts';

/** A school as an issuer of credentials. */
export interface CredentialIssuer {
  readonly signer: Signer;
  /** `iss`: the first address that the seal certificate speaks for. */
  readonly name: string;
  readonly names: readonly string[];
  readonly notAfter: Date;
}

/**
 * The school's seal, where it can sign credentials: a P-256 key that is here, is what the log says, is in time, and whose certificate
 * names an address. Faults: credential.not-issuable (the detail says why)
 */
export async function openIssuer(gateway: Gateway, school: string): Promise<Result<CredentialIssuer>> {
  const scope = { ...systemScope(certificatesJob), school };
  const opened = await openSigner(gateway, scope, school);
  if (!opened.ok) return refuse(notIssuable(opened.fault.code));
  const signer = opened.value;
  if (signer.algorithm !== 'ES256') return refuse(notIssuable('algorithm'));
  const [leaf] = signer.chain;
  const certificate = leaf === undefined ? null : parseX509Certificate(leaf);
  if (!certificate?.ok) return refuse(notIssuable('certificate-malformed'));
  const { notBefore, notAfter } = certificate.value;
  const now = gateway.clock.now();
  if (now < notBefore || now >= notAfter) return refuse(notIssuable('certificate-not-in-time'));
  const names = issuerNamesOf(certificate.value);
  const [name] = names;
  return name === undefined ? refuse(notIssuable('no-issuer-name')) : ok({ signer, name, names, notAfter });
}

function notIssuable(detail: string) {
  return fault('credential.not-issuable', { detail });
}
