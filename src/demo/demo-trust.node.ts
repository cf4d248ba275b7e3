import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Trust } from '../crypto/trust.ts';
import { parseX509Certificate } from '../crypto/x509/certificate.ts';
import { crlSource } from '../crypto/x509/crl.ts';
import type { TrustAnchor } from '../crypto/x509/path.ts';
import type { Anchor, Authorities } from './authorities.node.ts';

/** The trust that belongs to the development authorities: for seeding and for tests, which have no settings to read. */
export async function demoTrust(authorities: Pick<Authorities, 'anchors' | 'crlDirectory'>): Promise<Trust> {
  const names = (await readdir(authorities.crlDirectory)).filter((name) => name.endsWith('.crl'));
  const crls = await Promise.all(names.map((name) => readFile(join(authorities.crlDirectory, name))));
  const of = (purpose: Anchor['purpose']) =>
    authorities.anchors.filter((anchor) => anchor.purpose === purpose).map(toTrustAnchor);
  return {
    seal: of('seal'),
    person: of('person'),
    time: of('time'),
    evidence: of('evidence'),
    revocation: crlSource(crls.map((crl) => new Uint8Array(crl))),
  };
}

export function toTrustAnchor(anchor: Anchor): TrustAnchor {
  const certificate = parseX509Certificate(anchor.certificate);
  if (!certificate.ok) throw new Error(`The anchor ${anchor.name} is not strict: ${certificate.fault}`);
  return { name: anchor.name, certificate: certificate.value, algorithms: anchor.algorithms };
}
