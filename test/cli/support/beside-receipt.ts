import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signCheckpoint } from '../../../src/audit/checkpoint.ts';
import { completeEntry, encodeBody } from '../../../src/audit/entry.ts';
import { hashLeaf } from '../../../src/audit/hash.ts';
import { openLogKey, openWitnessKey, seedOfPkcs8 } from '../../../src/audit/log-key.ts';
import { logOfYear, schoolYearAt } from '../../../src/audit/log-name.ts';
import { formatVerifierKey, type NoteSigner, parseNote, signatureLine } from '../../../src/audit/note.ts';
import { formatProof } from '../../../src/audit/proof-text.ts';
import { systemClock } from '../../../src/clock.ts';
import { recordBytes } from '../../../src/crypto/evidence-record/record.ts';
import { renewRecord } from '../../../src/crypto/evidence-record/renew.ts';
import { canonicalJson } from '../../../src/crypto/jcs.ts';
import { timestampService } from '../../../src/crypto/timestamp.ts';
import { pemToDer } from '../../../src/crypto/x509/pem.ts';
import { demoTrust } from '../../../src/demo/demo-trust.node.ts';
import { demoLogBase } from '../../../src/demo/signed-trust.node.ts';
import { openTimeStampAuthority } from '../../../src/demo/tsa.node.ts';
import type { TemporaryAuthorities } from '../../demo/temporary-authorities.ts';
import { receiptStatement } from './sealed-folder.ts';

type Authorities = TemporaryAuthorities['authorities'];

/**
 * Beside the receipt of a sealed folder: `both.tlog-proof`, seen by two witnesses, and `one.tlog-proof`, seen by one of them; `policy.txt`
 * wants both, `lenient.txt` one of them.
 */
export async function writeWitnessed(folder: string, authorities: Authorities): Promise<void> {
  const [pkcs8] = pemToDer(await readFile(authorities.logKeyFile, 'utf8'), 'PRIVATE KEY');
  if (pkcs8 === undefined) throw new Error('the log has no key');
  const { origin } = logOfYear(demoLogBase, schoolYearAt(new Date()));
  const log = await openLogKey(origin, seedOfPkcs8(pkcs8));
  const names = ['board.example/witness', 'university.example/witness'];
  const seed = () => new Uint8Array(randomBytes(32));
  const witnesses = await Promise.all(names.map((name) => openWitnessKey(name, seed(), systemClock)));
  const entry = new TextEncoder().encode(
    completeEntry(encodeBody(receiptStatement.log.entry), { boardSlice: '3'.repeat(32), boardSeq: 1 }),
  );
  const note = await signCheckpoint({ origin, size: 1n, root: hashLeaf(entry) }, log);
  for (const [name, by] of [
    ['both', witnesses],
    ['one', witnesses.slice(0, 1)],
  ] as const) {
    const proof = { index: 0n, hashes: [], checkpoint: await cosigned(note, by), extra: entry };
    await writeFile(join(folder, `${name}.tlog-proof`), formatProof(proof));
  }
  const lines = witnesses.map(({ key }, index) => `witness W${index} ${formatVerifierKey(key)}`);
  const policy = (rule: string) => `# of the test\n${lines.join('\n')}\ngroup both ${rule} W0 W1\nquorum both\n`;
  await writeFile(join(folder, 'policy.txt'), policy('all'));
  await writeFile(join(folder, 'lenient.txt'), policy('1'));
}

async function cosigned(note: string, by: readonly NoteSigner[]): Promise<string> {
  const parsed = parseNote(note);
  if (!parsed.ok) throw new Error(parsed.fault);
  const lines = await Promise.all(by.map((signer) => signatureLine(parsed.value.text, signer)));
  return `${note}${lines.join('')}`;
}

/** `renewal.json` about manifest and receipt of a sealed folder, `other-renewal.json` about something else. */
export async function writeRenewals(folder: string, authorities: Authorities): Promise<void> {
  const { time: timestampAnchors, revocation } = await demoTrust(authorities);
  const tsa = await openTimeStampAuthority({ port: 0, identity: authorities.timeStamp, clock: systemClock });
  try {
    const at = { url: tsa.url, anchors: timestampAnchors, revocation, timeoutMs: 5000, clock: systemClock };
    const timestamps = timestampService([at]);
    const names = ['manifest.jws.json', 'receipts/SubmissionAcceptance.jws.json'];
    const objects = await Promise.all(
      names.map(async (name) => {
        const bytes = canonicalJson(JSON.parse(await readFile(join(folder, name), 'utf8')));
        return { name, sha256: createHash('sha256').update(bytes).digest('hex') };
      }),
    );
    for (const [name, about] of [
      ['renewal', objects],
      ['other-renewal', [{ name: 'another', sha256: 'ab'.repeat(32) }]],
    ] as const) {
      const from = { objects: about, chain: [], tokens: [], countsUntil: new Date(Date.now() + 86_400_000) };
      const trust = { timestampAnchors, revocation, at: new Date() };
      const renewed = await renewRecord(from, { trust, timestamps, lists: [] });
      if (!renewed.ok) throw new Error(renewed.fault);
      await writeFile(join(folder, `${name}.json`), recordBytes(renewed.value.record));
    }
  } finally {
    await tsa.close();
  }
}
