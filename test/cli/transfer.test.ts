import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWitnessKey } from '../../src/audit/log-key.ts';
import { formatVerifierKey } from '../../src/audit/note.ts';
import { caseShape } from '../../src/cli/api-shapes.ts';
import { systemClock } from '../../src/clock.ts';
import { demoPupils } from '../../src/demo/pupils.ts';
import { makeSampleDocuments } from '../../src/demo/sample-documents.node.ts';
import { type DemoSchoolKey, demoOrganisations } from '../../src/demo/schools.ts';
import { type DemoWorld, openDemoWorld } from '../../src/demo/world.node.ts';
import { type RunningGateway, serveGateway } from '../../src/serve.node.ts';
import { readAnswer } from '../support/answer.ts';
import { openSessionOf } from '../support/session.ts';
import { hikitsugi, type Ran } from './support/command-line.ts';

const sender = demoOrganisations.juniorHigh;
const recipient = demoOrganisations.cityHigh;

/** One world for the whole file: the tests follow one another as the procedure does. */
describe('hikitsugi against a gateway', () => {
  let folder: string;
  let world: DemoWorld;
  let running: RunningGateway;
  let origin: string;
  const at = (...names: string[]) => join(folder, ...names);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-cli-'));
    world = await openDemoWorld({ folder: at('world'), witnesses: true });
    running = await serveGateway(world.environment);
    origin = world.environment['PUBLIC_ORIGIN'] ?? '';
    await writeSources(folder);
  }, 120_000);

  afterAll(async () => {
    await running?.close();
    await world?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const asSender = (...args: string[]) => hikitsugi([...args, '--json', '--profile', at('sender.json')]);
  const asRecipient = (...args: string[]) => hikitsugi([...args, '--json', '--profile', at('recipient.json')]);
  const operands = () => [
    `cumulativeRecord=${at('record.pdf')}`,
    `cumulativeRecordCore=${at('record.json')}`,
    `healthCard=${at('health.pdf')}`,
  ];

  async function logIn(school: DemoSchoolKey, profile: string, more: Readonly<Record<string, string>> = {}) {
    const client = world.machineClients.find((one) => one.school === school);
    const options = { origin, client: client?.clientId ?? '', key: client?.keyFile ?? '', ...more };
    const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    return hikitsugi(['login', ...words, '--json', '--profile', at(profile)]);
  }

  async function approve(caseId: string): Promise<number> {
    const principal = await openSessionOf(origin, 'juniorHigh-principal');
    const seen = await principal.json('GET', `/api/cases/${caseId}`);
    const body = { contentDigest: seen.body.contentDigest };
    return (await principal.json('POST', `/api/cases/${caseId}/approval`, body)).status;
  }

  async function sendWhole(pupil = 'pupil-02'): Promise<string> {
    const sent = answerOf(await asSender('send', '--pupil', pupil, '--to', recipient.code, ...operands()));
    await approve(sent.id);
    const digits = recipient.code.slice(-4);
    const done = await asSender('send', '--case', sent.id, '--seal', '--confirm', digits, '--deposit');
    expect(answerOf(done)).toMatchObject({ state: 'deposited' });
    return sent.id;
  }

  let caseId = '';

  it('logs a machine client in and keeps where in a file that only its owner reads', async () => {
    const ran = await logIn('juniorHigh', 'sender.json');
    expect(ran).toMatchObject({ exit: 0 });
    expect(JSON.parse(ran.out)).toMatchObject({ origin });
    expect(ran.out).toContain('"transfers:write"');
    expect((await stat(at('sender.json'))).mode & 0o777).toBe(0o600);
    expect(await readFile(at('sender.json'), 'utf8')).not.toMatch(/"d"|PRIVATE|eyJ/);
    expect(await logIn('cityHigh', 'recipient.json')).toMatchObject({ exit: 0 });
  });

  it("is refused with another school's key (1), and cannot say anything about a gateway that is not there (3)", async () => {
    const other = world.machineClients.find((one) => one.school === 'elementary')?.keyFile ?? '';
    expect((await logIn('juniorHigh', 'none.json', { key: other })).exit).toBe(1);
    expect((await logIn('juniorHigh', 'none.json', { origin: 'http://localhost:9' })).exit).toBe(3);
    await expect(stat(at('none.json'))).rejects.toThrow('ENOENT');
  });

  it('drafts, uploads with digests and asks for approval', async () => {
    const ran = await asSender('send', '--pupil', 'pupil-01', '--to', recipient.code, ...operands());
    const sent = answerOf(ran);
    caseId = sent.id;
    expect(sent).toMatchObject({ state: 'submitted', recipient: { code: recipient.code } });
    const digests = await Promise.all(['record.pdf', 'record.json', 'health.pdf'].map((name) => digestOf(at(name))));
    expect([...sent.documents].map(({ sha256 }) => sha256)).toEqual(digests);
  });

  it('tells a refusal in the words of the gateway, and ends with 1', async () => {
    const digits = recipient.code.slice(-4);
    const early = await asSender('send', '--case', caseId, '--seal', '--confirm', digits);
    expect(early.exit).toBe(1);
    expect(early.out).toMatch(/"code": "[a-z.-]+"[^]*"requestId": "[0-9a-f-]{36}"/);
    const args = ['send', '--pupil', 'nobody', '--to', recipient.code, '--profile', at('sender.json')];
    expect((await hikitsugi(args)).error).toContain('この児童・生徒は見つかりません');
    expect((await hikitsugi(args, { locale: 'en' })).error).toContain('There is no such pupil');
  });

  it('sends nothing twice when a broken sending is repeated', async () => {
    const draft = ['send', '--pupil', 'pupil-03', '--to', recipient.code, '--no-submit'];
    const [first = '', ...others] = operands();
    const half = answerOf(await asSender(...draft, first));
    const whole = answerOf(await asSender('send', '--case', half.id, '--no-submit', first, ...others));
    expect(whole).toMatchObject({ state: 'draft' });
    expect([...whole.documents]).toHaveLength(3);
    expect(answerOf(await asSender('send', '--case', half.id))).toMatchObject({ state: 'submitted' });
  });

  it('hears why a large file was refused while it was still being sent', async () => {
    await writeFile(at('letter.pdf'), Buffer.alloc(30_000_000, 'not a PDF '));
    const draft = ['send', '--pupil', 'pupil-04', '--to', recipient.code];
    const ran = await asSender(...draft, `other=${at('letter.pdf')}`);
    expect(ran.exit).toBe(1);
    expect(ran.out).toContain('document.not-what-it-says');
  });

  it('seals only after the approval, for the school whose digits were typed, and deposits', async () => {
    expect(await approve(caseId)).toBe(200);
    const wrong = await asSender('send', '--case', caseId, '--seal', '--confirm', '0000');
    expect(wrong.exit).toBe(1);
    const digits = recipient.code.slice(-4);
    const done = await asSender('send', '--case', caseId, '--seal', '--confirm', digits, '--deposit');
    expect(answerOf(done)).toMatchObject({ state: 'deposited' });
  });

  it('seals with the school’s own key on this machine, after it has compared what it signs', async () => {
    const sent = answerOf(await asSender('send', '--pupil', 'pupil-04', '--to', recipient.code, ...operands()));
    await approve(sent.id);
    const seal = world.authorities.seals.get(sender.code);
    if (seal === undefined) throw new Error('no seal');
    const pem = (der: Uint8Array, label: string) =>
      `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64')}\n-----END ${label}-----\n`;
    await writeFile(at('seal.pem'), pem(seal.pkcs8, 'PRIVATE KEY'));
    await writeFile(at('chain.pem'), seal.chain.map((der) => pem(der, 'CERTIFICATE')).join(''));
    const key = ['--key', at('seal.pem'), '--certificates', at('chain.pem')];
    const files = ['record.pdf', 'record.json', 'health.pdf'].map((name) => at(name));
    const confirm = ['--confirm', recipient.code.slice(-4)];
    expect(await asSender('seal', sent.id, ...files, ...key)).toMatchObject({ exit: 2 });
    expect(await asSender('seal', sent.id, ...files, ...key, '--confirm', '0000')).toMatchObject({ exit: 1 });
    expect(await asSender('seal', sent.id, ...files.slice(1), ...key, ...confirm)).toMatchObject({ exit: 1 });
    expect(await asSender('seal', sent.id, ...files, at('sender.json'), ...key, ...confirm)).toMatchObject({ exit: 1 });
    const done = answerOf(await asSender('seal', sent.id, ...files, ...key, ...confirm));
    expect(done).toMatchObject({ state: 'sealed' });
    expect(answerOf(await asSender('send', '--case', sent.id, '--deposit'))).toMatchObject({ state: 'deposited' });
  });

  it('shows the inbox, and opens for the right pupil only', async () => {
    expect((await asRecipient('inbox')).out).toContain(caseId);
    expect((await asSender('inbox')).out).not.toContain(caseId);
    expect((await asSender('inbox', '--sent', '--state', 'deposited', '--all')).out).toContain(caseId);
    const wrong = await asRecipient('open', caseId, '--kana', 'ベツジン', '--birth-date', '2011-04-02');
    expect(wrong.exit).toBe(1);
    expect(wrong.out).toContain('acceptance.mismatch');
    const [pupil] = demoPupils;
    const right = ['--kana', pupil?.kana ?? '', '--birth-date', pupil?.birthDate ?? '', '--homeroom', '1年A組'];
    const opened = await asRecipient('open', caseId, ...right);
    expect(opened.exit).toBe(0);
    expect(answerOf(opened)).toMatchObject({ state: 'opened', verification: { outcome: 'valid' } });
    // What the receiver is told of the sender's key; the sender knows its own.
    const { senderKey } = caseShape.parse(JSON.parse(opened.out)).verification ?? expect.fail('verdicts');
    const show = async (profile: string) =>
      (await hikitsugi(['show', caseId, '--profile', at(profile)], { locale: 'en' })).out;
    const shown = await show('recipient.json');
    expect(shown).toContain(senderKey?.fingerprint);
    expect(shown).toContain('Registered as the sender’s key');
    expect(shown).toMatch(/✓ seal +valid/);
    expect(shown.includes('! Sealed with a key')).toBe(senderKey?.registeredAt === null || senderKey?.isNew === true);
    expect(await show('sender.json')).not.toContain(senderKey?.fingerprint);
  });

  it('saves documents and containers whole, for their owner only', async () => {
    const ran = await asRecipient('download', caseId, '--all', '--out', at('got'));
    expect(ran.exit).toBe(0);
    const names = (await readdir(at('got'))).sort();
    expect(names.map((name) => name.slice(8))).toEqual([
      '-01-cumulativeRecord.pdf',
      '-02-cumulativeRecordCore.json',
      '-03-healthCard.pdf',
      '-health.asice',
      '-records.asice',
    ]);
    expect(await digestOf(at('got', names[2] ?? ''))).toBe(await digestOf(at('health.pdf')));
    expect((await stat(at('got', names[2] ?? ''))).mode & 0o777).toBe(0o600);
    expect((await asRecipient('download', caseId, '--document', 'unknown')).exit).toBe(2);
    expect((await asSender('download', caseId, '--container', 'health', '--out', at('got'))).exit).toBe(1);
  });

  it('acknowledges, and fetches each receipt with its proof', async () => {
    expect(answerOf(await asRecipient('acknowledge', caseId))).toMatchObject({ state: 'acknowledged' });
    const ran = await asSender('receipts', caseId, '--out', at('receipts'), '--wait', '25');
    expect(ran.exit).toBe(0);
    const names = await readdir(at('receipts'));
    expect(names.filter((name) => name.endsWith('.tlog-proof'))).toHaveLength(3);
  }, 60_000);

  it('verifies what was received offline, and a receipt with its own proof only', async () => {
    const trust = ['--trust', world.authorities.trustDirectory, '--crl', world.authorities.crlDirectory];
    const container = at('got', `${caseId.slice(0, 8)}-records.asice`);
    expect(await hikitsugi(['verify', container, ...trust])).toMatchObject({ exit: 0 });
    const names = (await readdir(at('receipts'))).sort();
    const [first, second] = names.filter((name) => name.endsWith('.jws.json'));
    const proofOf = (name = '') => at('receipts', name.replace('.jws.json', '.tlog-proof'));
    const verify = (proof: string, ...more: string[]) =>
      hikitsugi(['verify', at('receipts', first ?? ''), '--proof', proof, ...trust, ...more]);
    expect(await verify(proofOf(first))).toMatchObject({ exit: 0 });
    expect(await verify(proofOf(second))).toMatchObject({ exit: 1 });
    // Seen by both witnesses of this world, and not by one whom nobody has asked.
    const policy = world.environment['WITNESS_POLICY_FILE'] ?? '';
    expect(await verify(proofOf(first), '--policy', policy)).toMatchObject({ exit: 0 });
    const stranger = formatVerifierKey((await openWitnessKey('x.example', randomBytes(32), systemClock)).key);
    await writeFile(at('stranger.txt'), `witness X ${stranger}\nquorum X\n`);
    const refused = await verify(proofOf(first), '--policy', at('stranger.txt'));
    expect([refused.exit, refused.out]).toEqual([1, expect.stringContaining('立会人の署名が足りません')]);
    await writeFile(at('stranger.txt'), 'quorum X\n');
    expect((await verify(proofOf(first), '--policy', at('stranger.txt'))).exit).toBe(2);
  });

  it('exports the public log and verifies it offline: 0; with one tile changed or by another key: 1; when there is none: 3', async () => {
    expect(await asSender('export-log', '--out', at('log'))).toMatchObject({ exit: 0 });
    const trust = ['--trust', world.authorities.trustDirectory];
    const names = (await readdir(at('receipts'))).filter((name) => name.endsWith('.tlog-proof'));
    const proofs = names.flatMap((name) => ['--proof', at('receipts', name)]);
    const right = await hikitsugi(['verify-log', at('log'), ...trust, ...proofs, '--older', at('log', 'checkpoint')]);
    expect(right).toMatchObject({ exit: 0 });
    await cp(at('log'), at('changed'), { recursive: true });
    const [tile = ''] = (await readdir(at('changed', 'tile', '0', '000.p'))).map((name) => join('tile/0/000.p', name));
    const bytes = await readFile(at('changed', tile));
    bytes[5] = (bytes[5] ?? 0) ^ 1;
    await writeFile(at('changed', tile), bytes);
    const changed = await hikitsugi(['verify-log', at('changed'), ...trust, '--json']);
    expect(changed.exit).toBe(1);
    expect(changed.out).toContain('root.mismatch');
    expect((await hikitsugi(['verify-log', at('log'), '--trust', 'certs/example'])).exit).toBe(1);
    expect((await hikitsugi(['verify-log', at('nothing'), ...trust])).exit).toBe(3);
    expect((await hikitsugi(['verify-log', at('log'), '--log-key', 'no-key'])).exit).toBe(2);
  });

  it('withdraws what nobody has opened, and returns a wrong arrival unopened', async () => {
    const first = await sendWhole();
    expect(answerOf(await asSender('withdraw', first, '--reason', '宛先の誤り'))).toMatchObject({ state: 'withdrawn' });
    const second = await sendWhole();
    const returned = await asRecipient('return', second, '--reason', '本校の生徒ではありません');
    expect(answerOf(returned)).toMatchObject({ state: 'returned' });
    expect((await asRecipient('show', second, '--lang', 'en')).exit).toBe(0);
    expect((await asSender('show', 'zzzzzzzzzzzzzzzzzzzzzzzzzz')).exit).toBe(1);
  }, 60_000);

  it('withdraws several at once and tells of each, with exit code 1 when one was not', async () => {
    const [one, two, none] = [await sendWhole(), await sendWhole(), 'zzzzzzzzzzzzzzzzzzzzzzzzzz'];
    const done = await asSender('withdraw', one, none, two, '--reason', '学級を誤った');
    expect(done.exit).toBe(1);
    const outcomes = ['withdrawn', 'notFound', 'withdrawn'].map((outcome) => ({ outcome }));
    expect(answerOf(done)).toMatchObject({ items: outcomes });
    expect((await asSender('withdraw', one, 'no id', '--reason', 'x')).exit).toBe(2);
  }, 60_000);
});

async function writeSources(folder: string): Promise<void> {
  const [pupil] = demoPupils;
  if (pupil === undefined) throw new Error('no pupils');
  const people = { principal: '山吹　武', homeroomTeacher: '撫子　凛', guardian: '葛城　健一' };
  const documents = await makeSampleDocuments({ pupil, school: sender, madeOn: '2026-03-01', ...people });
  const names = { cumulativeRecord: 'record.pdf', cumulativeRecordCore: 'record.json', healthCard: 'health.pdf' };
  for (const [kind, name] of Object.entries(names)) {
    const found = documents.find((document) => document.kind === kind);
    await writeFile(join(folder, name), found?.bytes ?? '');
  }
}

async function digestOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

function answerOf(ran: Ran) {
  return readAnswer(ran.out);
}
