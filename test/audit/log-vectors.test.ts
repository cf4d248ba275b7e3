import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type EntryBody, type LogEntry, parseEntry } from '../../src/audit/entry.ts';
import { verifyEvidenceProof } from '../../src/audit/evidence.ts';
import { openPackedLog } from '../../src/audit/log-file.ts';
import { parseNote, parseVerifierKey, type VerifierKey } from '../../src/audit/note.ts';
import { decodeBundle } from '../../src/audit/tiles.ts';
import { type LogReader, verifyLog } from '../../src/audit/verify-log.ts';
import { hasTool, runTool } from '../crypto/support/tools.ts';

const folder = join(import.meta.dirname, '../vectors/log');
const vectors = z
  .object({
    verifierKey: z.string(),
    otherVerifierKey: z.string(),
    origin: z.string(),
    size: z.number(),
    root: z.string(),
    slices: z.record(z.string(), z.number()),
    olderCheckpoints: z.record(z.string(), z.string()),
    forkedCheckpoint: z.string(),
    proofs: z.array(z.object({ entry: z.string(), body: z.string(), proof: z.string() })),
    invalid: z.array(z.object({ name: z.string(), path: z.string(), at: z.number(), findings: z.array(z.string()) })),
  })
  .parse(JSON.parse(readFileSync(join(folder, 'log.json'), 'utf8')));
const read = readerOf(readFileSync(join(folder, 'exported.hikitsugi-log'), 'utf8'));
const logKey = keyOf(vectors.verifierKey);
const openssl = hasTool('openssl', 'version');

describe('our vectors of a log', () => {
  it('verify: signature, tree, slices', async () => {
    const verdict = await verifyLog({ read, logKey });
    expect(verdict).toMatchObject({ valid: true, findings: [], entriesChecked: BigInt(vectors.size) });
    expect(Object.fromEntries(verdict.slices)).toEqual(
      Object.fromEntries(Object.entries(vectors.slices).map(([slice, size]) => [slice, BigInt(size)])),
    );
  });

  it('have the root that the definition gives for their entries, with nothing of ours in between', async () => {
    const entries = [...(await bundle('tile/entries/000')), ...(await bundle('tile/entries/001.p/14'))];
    expect(entries).toHaveLength(vectors.size);
    const leaves = entries.map((entry) => hash(Uint8Array.of(0), entry));
    expect(definedRoot(leaves).toString('base64')).toBe(vectors.root);
    const checkpoint = new TextDecoder().decode((await read('checkpoint')) ?? new Uint8Array());
    expect(checkpoint.split('\n').slice(0, 3)).toEqual([vectors.origin, String(vectors.size), vectors.root]);
  });

  it.skipIf(!openssl)('have a checkpoint whose signature openssl verifies', async () => {
    const note = parseNote(new TextDecoder().decode((await read('checkpoint')) ?? new Uint8Array()));
    const [line] = note.ok ? note.value.signatures : [];
    if (!note.ok || line === undefined) throw new Error('no note');
    // RFC 8410 §4: SubjectPublicKeyInfo of Ed25519.
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), logKey.publicKey]);
    const verify = (text: string) =>
      runTool(
        'openssl',
        'pkeyutl -verify -rawin -pubin -keyform DER -inkey key.der -in text -sigfile signature'.split(' '),
        { 'key.der': spki, text, signature: line.signature },
      ).status;
    expect(verify(note.value.text)).toBe(0);
    expect(verify(note.value.text.replace('270', '271'))).not.toBe(0);
  });

  it.each(Object.entries(vectors.olderCheckpoints))('grew out of the checkpoint of size %s', async (_, older) => {
    expect(await verifyLog({ read, logKey, olderCheckpoint: older })).toMatchObject({ valid: true });
  });

  it('did not grow out of a forked checkpoint, and are not of another key', async () => {
    const forked = await verifyLog({ read, logKey, olderCheckpoint: vectors.forkedCheckpoint });
    expect(forked.findings).toEqual([{ code: 'older-checkpoint.inconsistent', size: 100n }]);
    const foreign = await verifyLog({ read, logKey: keyOf(vectors.otherVerifierKey) });
    expect(foreign.findings).toEqual([{ code: 'checkpoint.refused', reason: 'note.unknown-key' }]);
  });

  it.each(vectors.invalid)('are refused with $name', async ({ path, at, findings }) => {
    const spoilt: LogReader = async (asked) => {
      const bytes = await read(asked);
      return asked === path && bytes !== null ? bytes.with(at, (bytes[at] ?? 0) ^ 1) : bytes;
    };
    const verdict = await verifyLog({ read: spoilt, logKey });
    expect(new Set(verdict.findings.map(({ code }) => code))).toEqual(new Set(findings));
  });

  it.each(vectors.proofs)('prove the entry of a receipt', async ({ entry, body, proof }) => {
    const parsed = parseEntry(new TextEncoder().encode(JSON.stringify(JSON.parse(body))));
    expect(parsed.ok).toBe(false);
    // Sound: the vector holds the canonical JSON of a body and of the entry made of it.
    const [promised, whole] = [JSON.parse(body) as EntryBody, JSON.parse(entry) as LogEntry];
    const statement = {
      event: 'x',
      eventId: 'x',
      issuedAt: 'x',
      log: { origin: vectors.origin, entry: promised },
    };
    const place = await verifyEvidenceProof(statement, proof, logKey);
    expect(place).toMatchObject({ ok: true, value: { entry: whole, checkpoint: { size: 270n } } });
  });
});

function readerOf(text: string): LogReader {
  const reader = openPackedLog(text);
  if (reader === null) throw new Error('not a packed log');
  return reader;
}

function keyOf(text: string): VerifierKey {
  const key = parseVerifierKey(text);
  if (!key.ok) throw new Error('not a verifier key');
  return key.value;
}

async function bundle(path: string): Promise<Uint8Array[]> {
  const decoded = decodeBundle((await read(path)) ?? new Uint8Array());
  if (!decoded.ok) throw new Error('not a bundle');
  return decoded.value;
}

function hash(...parts: readonly Uint8Array[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

/** RFC 9162 §2.1.1, word for word. */
function definedRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length <= 1) return leaves[0] ?? hash();
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hash(Uint8Array.of(1), definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)));
}
