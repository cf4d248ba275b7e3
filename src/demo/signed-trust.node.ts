import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openLogKey, seedOfPkcs8 } from '../audit/log-key.ts';
import { logOfYear, schoolYearAt } from '../audit/log-name.ts';
import { formatVerifierKey } from '../audit/note.ts';
import { parsePolicy } from '../audit/witness-policy.ts';
import type { Clock } from '../clock.ts';
import { webCryptoSigner } from '../crypto/signer.ts';
import { type DatedTrustList, signTrustList } from '../crypto/trust-list.ts';
import { pemToDer } from '../crypto/x509/pem.ts';
import type { Authorities } from './authorities.node.ts';
import { toTrustAnchor } from './demo-trust.node.ts';
import { pem, writeWhole } from './identity-file.node.ts';

/** The gateway's part of the names of its logs in the demonstration. */
export const demoLogBase = 'demo.hikitsugi.example/log';

/** A little more than a year, so that the list of one spring lasts until the next. */
const validDays = 400;

/**
 * Writes `trust.json`, the list of anchors and log keys that the gateway's evidence key signs, and that key's own
 * certificate beside it for whoever wants to pin it.
 *
 * @param policyFile - who has to cosign the log; null where nobody does
 */
export async function publishTrustList(
  authorities: Authorities,
  clock: Clock,
  policyFile: string | null = null,
): Promise<void> {
  const { evidence, trustDirectory } = authorities;
  const issuedAt = clock.now();
  const list: DatedTrustList = {
    version: 'hikitsugi-trust/2',
    // Any number that rises will do; seconds need no memory of the last list.
    serial: Math.floor(issuedAt.getTime() / 1000),
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + validDays * 86_400_000),
    anchors: authorities.anchors.map((anchor) => ({ purpose: anchor.purpose, anchor: toTrustAnchor(anchor) })),
    logKeys: await logKeys(authorities.logKeyFile, schoolYearAt(issuedAt)),
    witnessPolicy: policyFile === null ? undefined : await rulesOf(policyFile),
  };
  const signer = await webCryptoSigner(evidence.pkcs8, evidence.chain, evidence.algorithm);
  const jws = await signTrustList(list, signer);
  await writeWhole(join(trustDirectory, 'trust.json'), `${JSON.stringify(jws, null, 2)}\n`);
  const certificates = evidence.chain.map((der) => pem('CERTIFICATE', der)).join('');
  await writeWhole(join(trustDirectory, 'gateway-evidence.pem'), certificates);
}

/** Without the addresses of the witnesses, which are nobody's business but the gateway's. */
async function rulesOf(policyFile: string): Promise<string> {
  const policy = parsePolicy(await readFile(policyFile, 'utf8'));
  if (!policy.ok) throw new Error(`${policyFile}: line ${policy.fault.line}: ${policy.fault.reason}`);
  return policy.value.rules;
}

/** One log per school year under one key; the next year's is known beforehand. */
async function logKeys(keyFile: string, schoolYear: number): Promise<string[]> {
  const [pkcs8] = pemToDer(await readFile(keyFile, 'utf8'), 'PRIVATE KEY');
  if (!pkcs8) throw new Error('The key of the log is missing');
  const seed = seedOfPkcs8(pkcs8);
  const years = [schoolYear, schoolYear + 1];
  return Promise.all(
    years.map(async (year) => formatVerifierKey((await openLogKey(logOfYear(demoLogBase, year).origin, seed)).key)),
  );
}
