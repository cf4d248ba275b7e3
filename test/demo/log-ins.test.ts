import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../src/clock.ts';
import { webCryptoSigner } from '../../src/crypto/signer.ts';
import { chooseAccount } from '../../src/demo/choose-account.node.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { type DemoWorld, openDemoWorld } from '../../src/demo/world.node.ts';
import { loginText } from '../../src/identity/rules.ts';
import { type RunningGateway, serveGateway } from '../../src/serve.node.ts';
import { openMachineClientSession } from '../support/machine-session.ts';

/** Everything that the start page promises about logging in, against a whole gateway over HTTP. */
describe('who can log in to the demonstration', { timeout: 60_000 }, () => {
  let folder: string;
  let world: DemoWorld;
  let running: RunningGateway;
  let origin: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-log-ins-'));
    world = await openDemoWorld({ folder });
    running = await serveGateway(world.environment, world.guide);
    origin = world.environment['PUBLIC_ORIGIN'] ?? '';
  }, 120_000);
  afterAll(async () => {
    await running.close();
    await world.close();
    await rm(folder, { recursive: true });
  });

  async function logInAsStaff(subject: string): Promise<{ answer: Response; session: unknown }> {
    const begun = await fetch(`${origin}/login/organisation/gbizid`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin },
      body: new URLSearchParams({ next: '/' }),
    });
    const callback = await chooseAccount(new URL(begun.headers.get('location') ?? ''), subject);
    const answer = await fetch(callback, { redirect: 'manual', headers: { cookie: cookiesOf(begun) } });
    const session = await fetch(`${origin}/api/session`, { headers: { cookie: cookiesOf(answer) } });
    return { answer, session: await session.json() };
  }

  it('lets every member of staff in, each at the own school and role', async () => {
    const ofOnePlace = world.guide.accounts.filter(({ memberships }) => memberships.length === 1);
    for (const account of ofOnePlace.filter(({ subject }) => subject !== 'nagano-administrator')) {
      const [place] = account.memberships;
      const { session } = await logInAsStaff(account.subject);
      expect(session).toMatchObject({ kind: 'staff', role: place?.role, school: { code: place?.schoolCode } });
    }
  });

  // An administrator looks after whatever the founder has: of this one a school and a board of education.
  it.each(['hibarino-clerk-two-schools', 'nagano-administrator'])(
    'lets %s, who has two places, choose',
    async (subject) => {
      const { answer, session } = await logInAsStaff(subject);
      expect(answer.headers.get('location')).toMatch(/^\/choose-school/);
      expect(session).toMatchObject({ kind: 'unboundStaff', school: null });
    },
  );

  it.each(['entry', 'hibarino-prime'])('refuses the account %s with an explanation', async (subject) => {
    const { answer } = await logInAsStaff(subject);
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie().some((cookie) => /__Host-sid=[^;]/.test(cookie))).toBe(false);
  });

  it('gives a token to the school-affairs system of every school', async () => {
    for (const client of world.machineClients) {
      const session = await openMachineClientSession({ origin, clock: systemClock }, client, client.scopes);
      expect((await session.json('GET', '/api/session')).body.kind).toBe('machine');
    }
  });

  it('lets every good personal certificate in, and refuses every bad one', async () => {
    for (const { file, isGood } of world.guide.persons) {
      const answer = await logInAsPerson(file.replace('.p12', ''));
      expect([file, answer.status]).toEqual([file, isGood ? 200 : 401]);
    }
  });

  async function logInAsPerson(id: string): Promise<Response> {
    const identity = world.authorities.persons.get(id);
    if (!identity) throw new Error(`no certificate ${id}`);
    const challenge = challengeShape.parse(await (await post('/api/login/challenges', { purpose: 'login' })).json());
    const signer = await webCryptoSigner(identity.pkcs8, identity.chain, identity.algorithm);
    const text = loginText({ ...challenge, challengeId: challenge.id, origin, purpose: 'login' });
    return post('/api/login/certificate', {
      challengeId: challenge.id,
      certificates: identity.chain.map((der) => Buffer.from(der).toString('base64')),
      signature: Buffer.from(await signer.sign(text)).toString('base64'),
    });
  }

  function post(path: string, body: unknown): Promise<Response> {
    const headers = { origin, 'content-type': 'application/json' };
    return fetch(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  it('shows the accounts, the password and the files on the page that the start page names', async () => {
    expect(await (await fetch(origin)).text()).toContain('href="/demonstration"');
    const html = await (await fetch(`${origin}/demonstration`)).text();
    for (const word of [demoOrganisations.juniorHigh.name, world.guide.password, 'sakura.p12']) {
      expect(html).toContain(word);
    }
  });
});

const challengeShape = z.object({ id: z.string(), challenge: z.string(), origin: z.string() });

function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ');
}
