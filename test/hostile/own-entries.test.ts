import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toHex } from '../../src/audit/bytes.ts';
import { exportLog } from '../../src/audit/export-log.ts';
import { hashLeaf } from '../../src/audit/hash.ts';
import { openLogKey, openWitnessKey, seedOfPkcs8 } from '../../src/audit/log-key.ts';
import { logAt } from '../../src/audit/log-name.ts';
import { formatVerifierKey, type VerifierKey } from '../../src/audit/note.ts';
import { parseSliceFile, type SliceFile } from '../../src/audit/slice-file.ts';
import type { SliceKind } from '../../src/audit/slice-statement.ts';
import { auditEvents } from '../../src/audit/tables.ts';
import { decodeBundle, splitTile } from '../../src/audit/tiles.ts';
import { type SliceMemory, verifySlice } from '../../src/audit/verify-slice.ts';
import { createWitness, everyYearOf } from '../../src/audit/witness.ts';
import { witnessApp } from '../../src/audit/witness-app.ts';
import { openWitnessFile } from '../../src/audit/witness-state.node.ts';
import { openGatewayLog } from '../../src/cli/log-source.node.ts';
import { systemClock } from '../../src/clock.ts';
import { canonicalJson } from '../../src/crypto/jcs.ts';
import { pemToDer } from '../../src/crypto/x509/pem.ts';
import { listenOnLoopback, readSmallBody } from '../../src/demo/loopback.node.ts';
import { demoPupils } from '../../src/demo/pupils.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { demoLogBase } from '../../src/demo/signed-trust.node.ts';
import type { Session } from '../support/session.ts';
import { caseAt, contentPath, healthCard, record, take } from './support/procedure.ts';
import { codeOf, type HostileWorld, openHostileWorld } from './support/world.ts';

const hour = 3_600_000;
const listShape = z.object({
  items: z.array(z.object({ id: z.string(), kind: z.enum(['board', 'school']), owner: z.string() })),
});

describe('what a board and a school take out of the log', { timeout: 90_000 }, () => {
  let world: HostileWorld;
  let logKey: VerifierKey;

  beforeAll(async () => {
    world = await openHostileWorld({ LOG_INTERVAL_MS: '100' });
    await caseAt(world, { upTo: 'opened', documents: [record(), healthCard()] });
    const { origin } = logAt(world.running.gateway.settings.LOG_ORIGIN, world.clock.now());
    const key = await world.running.gateway.log.keyOf(origin);
    if (key === null) throw new Error('the log has no key');
    logKey = key;
  }, 180_000);
  afterAll(() => world?.close());

  const year = () => logKey.name.slice(-4);

  async function slicesOf(session: Session) {
    const answer = await session.send('GET', '/api/board/slices');
    expect(answer.status).toBe(200);
    return listShape.parse(await answer.json()).items;
  }

  async function sliceOf(session: Session, kind: SliceKind): Promise<string> {
    let id = '';
    await expect
      .poll(
        async () => {
          id = (await slicesOf(session)).find((one) => one.kind === kind)?.id ?? '';
          return id;
        },
        { timeout: 30_000, interval: 500 },
      )
      .not.toBe('');
    return id;
  }

  async function exported(session: Session, slice: string, query = ''): Promise<SliceFile> {
    const answer = await session.send('GET', `/api/board/slices/${slice}/entries${query}`);
    expect(answer.status).toBe(200);
    const file = parseSliceFile(await answer.text());
    if (!file.ok) throw new Error('an export cannot be read');
    return file.value;
  }

  function verified(file: SliceFile, whose: { kind: SliceKind; owner: string; memory?: SliceMemory | null }) {
    const { kind, owner, memory = null } = whose;
    return verifySlice({ read: openGatewayLog(world.origin, year()), logKey, kind, owner, files: [file], memory });
  }

  it('verifies against the public tiles, and the entry of the export itself comes back', async () => {
    const auditor = await world.as('hibarino-auditor');
    const owner = codeOf('cityBoard');
    const slice = await sliceOf(auditor, 'board');
    const first = await verified(await exported(auditor, slice), { kind: 'board', owner });
    expect(first).toMatchObject({ valid: true, awaited: 1 });
    expect(first.entriesChecked).toBeGreaterThan(5n);
    const [echo] = first.memory?.echoes ?? [];
    expect(echo).toBeDefined();
    // Each export is an entry. Those of the last moment have yet to come back, and others may come before them.
    await expect
      .poll(
        async () => {
          const second = await verified(await exported(auditor, slice), { kind: 'board', owner, memory: first.memory });
          expect(second.findings).toEqual([]);
          return second.entries > first.entries && second.memory?.echoes.map(({ nonce }) => nonce);
        },
        { timeout: 30_000, interval: 1000 },
      )
      .toSatisfy((awaited) => Array.isArray(awaited) && !awaited.includes(echo?.nonce));
  });

  it('gives a school its own, in parts, and not those of its board', async () => {
    const principal = await world.as('juniorHigh-principal');
    const slice = await sliceOf(principal, 'school');
    expect((await slicesOf(principal)).map(({ owner }) => owner)).toEqual([codeOf('juniorHigh')]);
    const parts = [await exported(principal, slice, '?limit=3'), await exported(principal, slice, '?from=3')];
    expect(parts[0]?.entries).toHaveLength(3);
    const read = openGatewayLog(world.origin, year());
    const whose = { kind: 'school', owner: codeOf('juniorHigh'), memory: null } as const;
    expect(await verifySlice({ read, logKey, ...whose, files: parts })).toMatchObject({ valid: true });
  });

  it('L-11 answers for the slice of another board as for one that nobody has, and logs who asked', async () => {
    const auditor = await world.as('hibarino-auditor');
    const school = await sliceOf(await world.as('juniorHigh-principal'), 'school');
    const answers = new Set<string>();
    for (const slice of [school, 'f'.repeat(32), 'no-slice']) {
      const answer = await auditor.send('GET', `/api/board/slices/${slice}/entries`);
      const { requestId: _own, ...problem } = (await answer.json()) as Record<string, unknown>;
      answers.add(`${answer.status} ${JSON.stringify(problem)}`);
    }
    expect([...answers]).toEqual([expect.stringMatching(/^404 .*request\.not-found/)]);
    const rows = await world.job('ledger', (tx) => tx.select().from(auditEvents));
    expect(rows.filter(({ name, outcome }) => name === 'log.exported' && outcome === 'refused')).toHaveLength(3);
    const clerk = await world.as('juniorHigh-clerk');
    expect((await clerk.send('GET', `/api/board/slices/${school}/entries`)).status).toBe(403);
  });

  it('refuses a range that is none, in the reader’s language', async () => {
    const auditor = await world.as('hibarino-auditor');
    const slice = await sliceOf(auditor, 'board');
    for (const query of ['?from=0', '?from=-1', '?limit=100001', '?limit=0', '?from=x', '?from=1e99']) {
      const answer = await auditor.send('GET', `/api/board/slices/${slice}/entries${query}`);
      expect([query, answer.status]).toEqual([query, 400]);
    }
    // Behind the end there is nothing, and that is no fault: a program that asks for what is new finds none.
    expect((await exported(auditor, slice, '?from=1000000')).entries).toEqual([]);
  });

  it('L-12 a dictionary of names, codes and acts reproduces no leaf of the public tiles', async () => {
    const { objects } = world.running.gateway;
    const log = logAt(world.running.gateway.settings.LOG_ORIGIN, world.clock.now());
    const leaves = new Set<string>();
    const entries: Uint8Array[] = [];
    for await (const { path, bytes } of exportLog({ store: objects, log, logKey, what: 'everything' })) {
      if (path.startsWith('tile/0/')) for (const leaf of splitTile(bytes)) leaves.add(toHex(leaf));
      const bundle = path.startsWith('tile/entries/') ? decodeBundle(bytes) : null;
      if (bundle?.ok === true) entries.push(...bundle.value);
    }
    expect(leaves.size).toBe(entries.length);
    const words = [
      ...Object.values(demoOrganisations).flatMap(({ code, name }) => [code, name]),
      ...demoPupils.flatMap(({ id, officialName, kana, birthDate }) => [id, officialName, kana, birthDate]),
    ];
    const guesses: Uint8Array[] = words.map((word) => new TextEncoder().encode(word));
    // Whoever knows everything of an entry but its nonce, its token or its commitment still cannot say which leaf it is.
    for (const entry of entries) {
      // Sound: the log's own entries are objects.
      const fields = JSON.parse(new TextDecoder().decode(entry)) as Record<string, unknown>;
      expect(leaves.has(toHex(hashLeaf(canonicalJson(fields))))).toBe(true);
      for (const [field, digits] of [
        ['nonce', 32],
        ['token', 32],
        ['commitment', 64],
        ['schoolPlace', 64],
      ] as const) {
        guesses.push(canonicalJson({ ...fields, [field]: '0'.repeat(digits) }));
      }
    }
    expect(guesses.filter((guess) => leaves.has(toHex(hashLeaf(guess))))).toEqual([]);
  });
});

describe('a log without its witnesses', { timeout: 90_000 }, () => {
  let world: HostileWorld;
  let folder: string;
  let witness: { stop(): Promise<void> };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-policy-'));
    const running = await openWitness(folder);
    witness = running;
    world = await openHostileWorld({ LOG_INTERVAL_MS: '100', WITNESS_POLICY_FILE: running.policyFile });
    await running.believe(world.demo.authorities.logKeyFile);
  }, 180_000);
  afterAll(async () => {
    await world?.close();
    await witness?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('L-06 takes deposits for four hours, then none, in plain words; what was delivered is still handed out', async () => {
    // A school's first seal waits until its key is in the log.
    const published = async () =>
      (await fetch(`${world.origin}/log/${logAt('', world.clock.now()).prefix.slice(4)}/checkpoint`)).status;
    await expect.poll(published, { timeout: 30_000, interval: 500 }).toBe(200);
    const delivered = await caseAt(world, { upTo: 'sealed', documents: [record()] });
    const waiting = await caseAt(world, { upTo: 'sealed', documents: [record()] });
    await witness.stop();
    await take(world, delivered, 'deposited');
    world.clock.pass(5 * hour);
    const clerk = await world.as('juniorHigh-clerk');
    const refused = await clerk.send('POST', `/api/cases/${waiting.id}/deposit`, undefined, {
      'accept-language': 'ja',
    });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      code: 'log.stalled',
      title: '記録台帳が止まっているため、預け入れを受け付けられません',
    });
    await take(world, delivered, 'opened');
    const receiver = await world.as('cityHigh-principal');
    const documentId = delivered.documents[0]?.id ?? '';
    const file = await receiver.send('GET', contentPath({ caseId: delivered.id, documentId }));
    expect(file.status).toBe(200);
  });
});

/** One real witness that the policy wants, told later whose log it is; until then it does not answer. */
async function openWitness(folder: string) {
  const signer = await openWitnessKey('board.example/witness', new Uint8Array(32).fill(7), systemClock);
  const state = await openWitnessFile(join(folder, 'state.json'), { isNew: true });
  let app: ReturnType<typeof witnessApp> | null = null;
  const server = createServer(async (request, response) => {
    const body = await readSmallBody(request);
    const answer = await app?.request(request.url ?? '/', { method: 'POST', body });
    response.writeHead(answer?.status ?? 503);
    response.end(await answer?.text());
  });
  const listening = await listenOnLoopback(server, 0);
  const policyFile = join(folder, 'policy.txt');
  await writeFile(
    policyFile,
    `witness one ${formatVerifierKey(signer.key)} http://127.0.0.1:${listening.port}\nquorum one\n`,
  );
  let isStopped = false;
  return {
    policyFile,
    async believe(logKeyFile: string) {
      const [pkcs8] = pemToDer(await readFile(logKeyFile, 'utf8'), 'PRIVATE KEY');
      const { key } = await openLogKey(`${demoLogBase}/2000`, seedOfPkcs8(pkcs8 ?? new Uint8Array()));
      app = witnessApp(createWitness({ signer, logs: [everyYearOf(key)], state, onFork: async () => undefined }));
    },
    async stop() {
      if (isStopped) return;
      isStopped = true;
      await listening.close();
      await state.close();
    },
  };
}
