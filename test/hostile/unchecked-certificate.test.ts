import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { type RunningGateway, serveGateway } from '../../src/serve.node.ts';
import { openHeaderSession, type Session } from '../support/session.ts';
import { caseAt, contentPath, record, refusalIn, type TestCase } from './support/procedure.ts';
import {
  answerChallenge,
  askForChallenge,
  type Door,
  doorOf,
  identityOf,
  openLinkedSession,
  openPersonSession,
  proofFor,
} from './support/sessions.ts';
import { type HostileWorld, openHostileWorld } from './support/world.ts';

describe('a certificate that nobody can check', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let made: TestCase;
  /** The same gateway without revocation lists; of the first generation it lets the unchecked in. */
  let blind: RunningGateway;
  let limited: Session;

  beforeAll(async () => {
    world = await openHostileWorld();
    made = await caseAt(world, { upTo: 'deposited', documents: [record()] });
    const lists = join(world.folder, 'crl-empty');
    await mkdir(lists);
    const plan = join(world.folder, 'revocation-limit.json');
    await writeFile(plan, JSON.stringify({ 'jpki-authentication-1': { sources: ['crl'], whenNotChecked: 'limit' } }));
    const settings = { PORT: '0', CRL_DIRECTORY: lists, REVOCATION_FILE: plan };
    blind = await serveGateway({ ...world.demo.environment, ...settings }, null, world.clock);
    await openLinkedSession(world, 'sakura', 'juniorHigh');
    limited = await logIn('sakura');
  }, 120_000);
  afterAll(async () => {
    await blind?.close();
    await world?.close();
  });

  function blindDoor(): Door {
    return { url: `http://127.0.0.1:${blind.port}`, origin: world.origin };
  }

  function planOf(id: string) {
    return world.demo.guide.persons.find(({ file }) => file === `${id}.p12`);
  }

  async function answerOf(id: string): Promise<Response> {
    const challenge = await askForChallenge(blindDoor());
    return answerChallenge(blindDoor(), { identity: identityOf(world, id), challenge });
  }

  /** Sessions are in the database: what a blind gateway let in stays limited at one that sees. */
  async function logIn(id: string): Promise<Session> {
    const answer = await answerOf(id);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ kind: 'person', revocation: 'notChecked' });
    const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
    return openHeaderSession(world.origin, { cookie: cookie.join('; ') });
  }

  function reasons(name: string) {
    return world.job('ledger', async (tx) => {
      const rows = await tx
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.outcome, 'refused'), eq(auditEvents.name, name)));
      return rows.map(({ reason }) => reason);
    });
  }

  it('A-09 sees what is on its way, and opens no document', async () => {
    expect((await limited.json('GET', `/api/cases/${made.id}`)).status).toBe(200);
    const shown = await limited.json('GET', `/api/cases/${made.id}`);
    expect(shown.body.documents.map(({ readable }) => readable)).toEqual([false]);
    const path = contentPath({ caseId: made.id, documentId: made.documents[0]?.id ?? '' });
    expect(refusalIn(await limited.json('GET', path))).toBe('403 login.not-checked');
    const container = await limited.json('GET', `/api/cases/${made.id}/containers/records`);
    expect(refusalIn(container)).toBe('403 login.not-checked');
    expect(await reasons('document.handed-over')).toContain('login.not-checked:revocation-not-checked');
    // The same person, checked, reads it.
    const checked = await openPersonSession(world, 'sakura');
    const file = await checked.send('GET', path);
    expect(Buffer.from(await file.arrayBuffer()).equals(Buffer.from(made.documents[0]?.bytes ?? []))).toBe(true);
  });

  it('A-09 is told so on every page, in the language of the page', async () => {
    const page = (language: string) => limited.send('GET', `/?lang=${language}`).then((answer) => answer.text());
    expect(await page('ja')).toContain('失効していないことを確認できなかった');
    expect(await page('en')).toContain('Nobody could say whether your certificate is still in force');
    const checked = await openPersonSession(world, 'sakura');
    expect(await (await checked.send('GET', '/?lang=ja')).text()).not.toContain('失効していないことを確認できなかった');
  });

  it('A-09 makes no link and no other certificate good for the same person', async () => {
    const plan = planOf('kenichi');
    const link = { code: plan?.linkingCode, birthDate: plan?.pupil?.birthDate };
    expect(refusalIn(await limited.json('POST', '/api/links', link))).toBe('403 login.not-checked');
    expect(refusalIn(await limited.json('POST', '/api/certificates', await proofBy('kamome')))).toBe(
      '403 login.not-checked',
    );
    // Nor does a checked session take a certificate that nobody could check.
    const checked = await openPersonSession(world, 'sakura');
    const blindly = openHeaderSession(blindDoor().url, { cookie: checked.cookie(), origin: world.origin });
    expect(refusalIn(await blindly.json('POST', '/api/certificates', await proofBy('kamome')))).toBe(
      '403 login.not-checked',
    );
    expect(await reasons('login.way-added')).toEqual(
      expect.arrayContaining(['session-not-checked', 'certificate-not-checked']),
    );
  });

  it('A-09 makes no open session fresh, and leaves it as it was', async () => {
    const checked = await openPersonSession(world, 'sakura');
    const purpose = 'step-up';
    const challenge = await askForChallenge(doorOf(world), purpose);
    const proof = await proofFor(doorOf(world), {
      identity: identityOf(world, 'sakura'),
      challenge,
      lies: { purpose },
    });
    const blindly = openHeaderSession(blindDoor().url, { cookie: checked.cookie(), origin: world.origin });
    expect(refusalIn(await blindly.json('POST', '/api/session/authentication', proof))).toBe('403 login.not-checked');
    expect(await reasons('login.renewed')).toContain('certificate-not-checked');
    expect((await checked.json('GET', '/api/session')).body).toMatchObject({ kind: 'person', revocation: 'good' });
  });

  it('A-09 is refused under every authority that is not set to let the unchecked in', async () => {
    for (const id of ['mayumi', 'ren']) expect((await answerOf(id)).status).toBe(401);
    for (const id of ['expired', 'self-made', 'wrong-purpose', 'kamome-signature']) {
      expect((await answerOf(id)).status).toBe(401);
    }
  });

  async function proofBy(id: string) {
    const purpose = 'bind-certificate';
    const challenge = await askForChallenge(doorOf(world), purpose);
    return proofFor(doorOf(world), { identity: identityOf(world, id), challenge, lies: { purpose } });
  }
});
