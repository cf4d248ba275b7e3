import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signCheckpoint } from '../../src/audit/checkpoint.ts';
import { emptyRoot, hashLeaf } from '../../src/audit/hash.ts';
import { openLogKey, openWitnessKey } from '../../src/audit/log-key.ts';
import { appendLeaves, emptyRange, rootOf } from '../../src/audit/merkle.ts';
import { consistencyProof } from '../../src/audit/merkle-proof.ts';
import { parseNote, verifyNote } from '../../src/audit/note.ts';
import { createWitness, everyYearOf, type Witness } from '../../src/audit/witness.ts';
import { witnessApp } from '../../src/audit/witness-app.ts';
import { formatWitnessRequest } from '../../src/audit/witness-request.ts';
import { openWitnessFile, type WitnessFile } from '../../src/audit/witness-state.node.ts';

const clock = { now: () => new Date('2026-11-29T03:00:00Z') };
const seed = () => new Uint8Array(randomBytes(32));
const logSigner = await openLogKey('hikitsugi.example/log/2026', seed());

/** A tree of so many leaves; `branch` tells two histories apart. */
function tree(size: number, branch = 'a') {
  const leaves = Array.from({ length: size }, (_, at) =>
    hashLeaf(new TextEncoder().encode(at < 5 ? `shared ${at}` : `${branch} ${at}`)),
  );
  const range = appendLeaves(emptyRange, leaves);
  const read = async (height: number, index: bigint) => {
    const from = Number(index) * 2 ** height;
    return rootOf(appendLeaves(emptyRange, leaves.slice(from, from + 2 ** height)));
  };
  return { size: BigInt(size), root: rootOf(range), read };
}

const noteOf = ({ size, root }: { size: bigint; root: Uint8Array }, signer = logSigner) =>
  signCheckpoint({ origin: signer.key.name, size, root }, signer);

describe('a witness (C2SP tlog-witness)', () => {
  let folder: string;
  let state: WitnessFile;
  let witness: Witness;
  const forks: string[] = [];
  const suspicions: string[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-witness-'));
    state = await openWitnessFile(join(folder, 'state.json'), { isNew: true });
    witness = await open();
    forks.length = 0;
    suspicions.length = 0;
  });
  afterEach(async () => {
    await state.close();
    await rm(folder, { recursive: true });
  });

  const open = async (of: WitnessFile = state) =>
    createWitness({
      signer: await openWitnessKey('witness.example/w1', seed(), clock),
      logs: [everyYearOf(logSigner.key)],
      state: of,
      onFork: async ({ request, proven }) => void (proven ? forks : suspicions).push(request),
    });

  async function add(from: number, to: ReturnType<typeof tree>, note?: string) {
    const proof = from === 0 || from >= Number(to.size) ? [] : await consistencyProof(BigInt(from), to.size, to.read);
    return witness.addCheckpoint(
      formatWitnessRequest({ oldSize: BigInt(from), proof, checkpoint: note ?? (await noteOf(to)) }),
    );
  }

  it('cosigns a log as it grows, with the time', async () => {
    for (const [from, to] of [
      [0, 3],
      [3, 3],
      [3, 8],
      [8, 700],
    ] as const) {
      const note = await noteOf(tree(to));
      const answer = await add(from, tree(to), note);
      expect(answer.status).toBe(200);
      const signed = parseNote(note + answer.body);
      if (!signed.ok) throw new Error(signed.fault);
      const by = await verifyNote(signed.value, [witness.key]);
      expect(by.ok && by.value.map(({ name }) => name)).toEqual(['witness.example/w1']);
      const [, line] = signed.value.signatures;
      const bytes = line?.signature ?? new Uint8Array(8);
      expect(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)).toBe(BigInt(clock.now().getTime() / 1000));
      // Another time under the same signature is no cosignature.
      const changed = bytes.map((byte, at) => (at === 7 ? byte ^ 1 : byte));
      const forged = { text: signed.value.text, signatures: [{ ...(line ?? expect.fail()), signature: changed }] };
      expect(await verifyNote(forged, [witness.key])).toEqual({ ok: false, fault: 'note.bad-signature' });
    }
    expect(forks).toEqual([]);
  });

  it('signs exactly what tlog-cosignature writes down, as another program reads it', async () => {
    const note = await noteOf(tree(3));
    const { body } = await add(0, tree(3), note);
    const bytes = Buffer.from(body.trim().split(' ')[2] ?? '', 'base64');
    const id = createHash('sha256')
      .update('witness.example/w1\n')
      .update(Uint8Array.of(4))
      .update(witness.key.publicKey)
      .digest();
    expect(bytes.subarray(0, 4)).toEqual(id.subarray(0, 4));
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), witness.key.publicKey]);
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const text = `cosignature/v1\ntime 1795921200\nhikitsugi.example/log/2026\n3\n${note.split('\n')[2]}\n`;
    expect(bytes.subarray(4, 12).readBigUInt64BE()).toBe(1_795_921_200n);
    expect(verify(null, Buffer.from(text), key, bytes.subarray(12))).toBe(true);
  });

  it('L-05 answers 409 to another root of a size it has cosigned, and keeps the request as evidence', async () => {
    expect((await add(0, tree(8))).status).toBe(200);
    const answer = await add(8, tree(8, 'b'));
    expect(answer).toEqual({ status: 409, type: 'text/x.tlog.size', body: '8\n' });
    expect(forks).toHaveLength(1);
    expect(forks[0]).toContain(await noteOf(tree(8, 'b')));
  });

  it('L-04 answers 422 to a log that was rewritten and signed anew', async () => {
    expect((await add(0, tree(8))).status).toBe(200);
    expect((await add(8, tree(20, 'b'))).status).toBe(422);
    expect([forks.length, suspicions.length]).toEqual([0, 1]);
    // What it has seen stays what it has seen.
    expect((await add(8, tree(20))).status).toBe(200);
  });

  it('takes a good checkpoint with a bad proof for no fork: anybody can send one', async () => {
    expect((await add(0, tree(8))).status).toBe(200);
    const checkpoint = await noteOf(tree(20));
    const bad = formatWitnessRequest({ oldSize: 8n, proof: [emptyRoot()], checkpoint });
    expect((await witness.addCheckpoint(bad)).status).toBe(422);
    expect([forks.length, suspicions.length]).toEqual([0, 1]);
  });

  it('says what it has seen to whoever believes otherwise, and takes no step back', async () => {
    expect((await add(0, tree(8))).status).toBe(200);
    expect(await add(0, tree(20))).toMatchObject({ status: 409, body: '8\n' });
    expect(await add(3, tree(8))).toMatchObject({ status: 409, body: '8\n' });
    expect(await add(0, tree(3))).toMatchObject({ status: 409, body: '8\n' });
    expect(forks).toEqual([]);
  });

  it('refuses other logs, other keys, and what is no request', async () => {
    const stranger = await openLogKey('elsewhere.example/log/2026', seed());
    const forger = await openLogKey(logSigner.key.name, seed());
    const ask = async (body: string) => (await witness.addCheckpoint(body)).status;
    const head = 'old 0\n\n';
    expect(await ask(head + (await noteOf(tree(3), stranger)))).toBe(404);
    expect(await ask(head + (await noteOf(tree(3), forger)))).toBe(403);
    const note = await noteOf(tree(3));
    const spoilt = note.replace(/— (\S+) (....)/, '— $1 AAAA');
    expect(await ask(head + spoilt)).toBe(403);
    expect(await ask(`old 4\n\n${note}`)).toBe(400);
    for (const body of [
      '',
      'old\n\n',
      `old 01\n\n${note}`,
      `old 0\n${note}`,
      `old 0\nAAAA\n\n${note}`,
      'old 0\n\nno note\n',
    ]) {
      expect(await ask(body)).toBe(400);
    }
    const many = Array.from({ length: 64 }, () => Buffer.from(emptyRoot()).toString('base64')).join('\n');
    expect(await ask(`old 0\n${many}\n\n${note}`)).toBe(400);
    expect(await ask(`old 0\n${Buffer.from(emptyRoot()).toString('base64')}\n\n${note}`)).toBe(422);
  });

  it('knows the log of the next school year by the same key, and no other name', async () => {
    const seedOfLog = seed();
    const [thisYear, nextYear, other] = await Promise.all(
      ['h.example/log/2026', 'h.example/log/2027', 'h.example/log/2026/2027'].map((name) =>
        openLogKey(name, seedOfLog),
      ),
    );
    const logOf = everyYearOf(thisYear?.key ?? expect.fail());
    expect(logOf('h.example/log/2027')?.id).toEqual(nextYear?.key.id);
    expect(logOf(other?.key.name ?? '')).toBeNull();
    expect(logOf('h.example/log')).toBeNull();
  });

  it('lets one of two requests win that come at once', async () => {
    expect((await add(0, tree(8))).status).toBe(200);
    const answers = await Promise.all([add(8, tree(300)), add(8, tree(20)), add(8, tree(9))]);
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409', '409']);
  });

  it('remembers over a restart, and refuses a state that is lost, damaged or another’s', async () => {
    const path = join(folder, 'state.json');
    expect((await add(0, tree(8))).status).toBe(200);
    await expect(openWitnessFile(path, { isNew: false })).rejects.toMatchObject({ reason: 'in-use' });
    await state.close();
    // Begun anew it would cosign a second history.
    await expect(openWitnessFile(path, { isNew: true })).rejects.toMatchObject({ reason: 'in-use' });
    state = await openWitnessFile(path, { isNew: false });
    witness = await open(state);
    expect(await add(0, tree(20, 'b'))).toMatchObject({ status: 409, body: '8\n' });
    await state.close();
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, -10));
    await expect(openWitnessFile(path, { isNew: false })).rejects.toMatchObject({ reason: 'damaged' });
    await rm(path);
    await expect(openWitnessFile(path, { isNew: false })).rejects.toMatchObject({ reason: 'missing' });
    state = await openWitnessFile(path, { isNew: true });
  });

  it('takes over the lock of a process that was killed', async () => {
    const path = join(folder, 'state.json');
    await state.close();
    // No process has this number.
    await writeFile(`${path}.lock`, '4194999');
    state = await openWitnessFile(path, { isNew: false });
  });

  it('does not cosign what the disk did not take', async () => {
    const path = join(folder, 'state.json');
    await state.close();
    state = await openWitnessFile(path, { isNew: false });
    witness = await open(state);
    await rm(folder, { recursive: true });
    await expect(add(0, tree(8))).rejects.toThrow();
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-witness-'));
  });

  it('answers over HTTP at one address, with a limit', async () => {
    const app = witnessApp(witness);
    const post = (body: string) => app.request('/add-checkpoint', { method: 'POST', body });
    const good = await post(formatWitnessRequest({ oldSize: 0n, proof: [], checkpoint: await noteOf(tree(3)) }));
    expect([good.status, good.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    const again = await post(formatWitnessRequest({ oldSize: 0n, proof: [], checkpoint: await noteOf(tree(3)) }));
    expect([again.status, again.headers.get('content-type'), await again.text()]).toEqual([
      409,
      'text/x.tlog.size',
      '3\n',
    ]);
    expect((await post('x'.repeat(70_000))).status).toBe(400);
    expect((await app.request('/add-checkpoint')).status).toBe(404);
  });
});
