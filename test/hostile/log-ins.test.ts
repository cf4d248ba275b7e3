import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { systemClock } from '../../src/clock.ts';
import { chooseAccount } from '../../src/demo/choose-account.node.ts';
import { listenOnLoopback } from '../../src/demo/loopback.node.ts';
import { serveGateway } from '../../src/serve.node.ts';
import { answerChallenge, askForChallenge, type Door, doorOf, identityOf } from './support/sessions.ts';
import { day, type HostileWorld, openHostileWorld } from './support/world.ts';

describe('a hostile log-in', { timeout: 60_000 }, () => {
  let world: HostileWorld;

  beforeAll(async () => {
    world = await openHostileWorld();
  }, 120_000);
  afterAll(() => world?.close());

  describe('by certificate', () => {
    const refused = ['expired', 'revoked', 'revoked-today', 'old-generation', 'wrong-purpose', 'kamome-signature'];
    it.each([...refused, 'self-made', 'unknown-root'])(
      'A-09 is refused for the certificate %s, with one public face and its reason in the log alone',
      async (id) => {
        const before = await loginRefusals();
        const answer = await logIn(doorOf(world), id);
        expect(answer).toEqual({ status: 401, code: 'login.refused', cookie: false });
        const added = (await loginRefusals()).slice(before.length);
        expect(added).toHaveLength(1);
      },
    );

    it('A-08 is refused when a challenge is answered twice, and when it was burnt by a wrong answer', async () => {
      const door = doorOf(world);
      const identity = identityOf(world, 'sakura');
      const challenge = await askForChallenge(door);
      expect((await answerChallenge(door, { identity, challenge })).status).toBe(200);
      expect((await answerChallenge(door, { identity, challenge })).status).toBe(401);
      const burnt = await askForChallenge(door);
      const lies = { origin: 'https://evil.example' };
      expect((await answerChallenge(door, { identity, challenge: burnt, lies })).status).toBe(401);
      expect((await answerChallenge(door, { identity, challenge: burnt })).status).toBe(401);
    });

    it('A-08 is refused when the text was signed for another origin or purpose', async () => {
      const door = doorOf(world);
      const identity = identityOf(world, 'fumi');
      for (const lies of [{ origin: 'https://evil.example' }, { purpose: 'bind-certificate' }, { origin: '' }]) {
        const challenge = await askForChallenge(door);
        expect((await answerChallenge(door, { identity, challenge, lies })).status).toBe(401);
      }
      const other = await askForChallenge(door, 'bind-certificate');
      expect((await answerChallenge(door, { identity, challenge: other })).status).toBe(401);
    });

    it('A-08 is refused when the challenge comes from another site', async () => {
      const answer = await fetch(`${world.origin}/api/login/challenges`, {
        method: 'POST',
        headers: { origin: 'https://evil.example', 'content-type': 'application/json' },
        body: JSON.stringify({ purpose: 'login' }),
      });
      expect(answer.status).toBe(403);
    });

    it('A-09 is refused while the revocation lists are missing, damaged or unreadable', async () => {
      const [empty, damaged] = [join(world.folder, 'crl-empty'), join(world.folder, 'crl-damaged')];
      await mkdir(empty);
      await mkdir(damaged);
      const lists = world.demo.authorities.crlDirectory;
      for (const name of await readdir(lists)) {
        const bytes = await readFile(join(lists, name));
        const last = bytes.length - 5;
        bytes[last] = (bytes[last] ?? 0) ^ 1;
        await writeFile(join(damaged, name), bytes);
      }
      for (const folder of [empty, damaged, join(world.folder, 'crl-that-is-not-there')]) {
        await withGateway({ CRL_DIRECTORY: folder }, 0, async (door) => {
          const answer = await logIn(door, 'sakura');
          expect([folder, answer]).toEqual([folder, { status: 401, code: 'login.refused', cookie: false }]);
        });
      }
    });

    it('A-09 is refused while the responder is silent, and while the plan asks nobody else', async () => {
      const silent = await listenOnLoopback(
        createServer(() => undefined),
        0,
      );
      const plan = (sources: readonly string[]) => ({
        'jpki-authentication-2': { sources, ocsp: { url: `http://127.0.0.1:${silent.port}/` } },
      });
      const path = join(world.folder, 'revocation-silent.json');
      await writeFile(path, JSON.stringify(plan(['ocsp'])));
      await withGateway({ REVOCATION_FILE: path }, 0, async (door) => {
        expect(await logIn(door, 'mayumi')).toEqual({ status: 401, code: 'login.refused', cookie: false });
      });
      // A list that is fresh says what there is to say.
      await writeFile(path, JSON.stringify(plan(['crl', 'ocsp'])));
      await withGateway({ REVOCATION_FILE: path }, 0, async (door) => {
        expect(await logIn(door, 'mayumi')).toMatchObject({ status: 200, cookie: true });
      });
      await silent.close();
    });

    it('does not begin with a plan of revocation that names nobody’s authority', async () => {
      const path = join(world.folder, 'revocation-wrong.json');
      await writeFile(path, JSON.stringify({ 'jpki-authentication-9': { sources: ['crl'] } }));
      await expect(withGateway({ REVOCATION_FILE: path }, 0, () => Promise.resolve())).rejects.toThrow(
        'REVOCATION_FILE: jpki-authentication-9',
      );
    });

    it('A-09 is refused while the revocation lists are stale', async () => {
      await withGateway({}, 8 * day, async (door) => {
        expect(await logIn(door, 'sakura')).toMatchObject({ status: 401, cookie: false });
      });
      await withGateway({}, 6 * day, async (door) => {
        expect(await logIn(door, 'sakura')).toMatchObject({ status: 200, cookie: true });
      });
    });
  });

  describe('by organisation', () => {
    it('A-02 is refused when a callback is replayed, and from a browser that began nothing', async () => {
      const begun = await begin();
      const callback = await chooseAccount(begun.location, 'juniorHigh-clerk');
      expect(await arrive(callback, '')).toEqual({ status: 401, cookie: false });
      const again = await begin();
      const second = await chooseAccount(again.location, 'juniorHigh-clerk');
      expect(await arrive(second, again.cookie)).toEqual({ status: 303, cookie: true });
      expect(await arrive(second, again.cookie)).toEqual({ status: 401, cookie: false });
    });

    it('A-02 is refused when the state belongs to another browser', async () => {
      const [victim, attacker] = [await begin(), await begin()];
      const callback = await chooseAccount(attacker.location, 'juniorHigh-clerk');
      expect(await arrive(callback, victim.cookie)).toEqual({ status: 401, cookie: false });
    });

    it('A-02 is refused when the code or the state was changed on the way', async () => {
      for (const name of ['code', 'state', 'iss']) {
        const begun = await begin();
        const callback = await chooseAccount(begun.location, 'juniorHigh-clerk');
        callback.searchParams.set(name, `${callback.searchParams.get(name) ?? ''}x`);
        expect([name, await arrive(callback, begun.cookie)]).toEqual([name, { status: 401, cookie: false }]);
      }
    });

    it('cannot be begun by a link or from another site', async () => {
      expect((await fetch(`${world.origin}/login/organisation/gbizid`, { redirect: 'manual' })).status).toBe(404);
      const cross = await fetch(`${world.origin}/login/organisation/gbizid`, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: 'https://evil.example' },
      });
      expect(cross.status).toBe(403);
    });
  });

  async function logIn(door: Door, id: string) {
    const challenge = await askForChallenge(door);
    const answer = await answerChallenge(door, { identity: identityOf(world, id), challenge });
    // Sound: a problem has a code; a success has none.
    const { code } = (await answer.json()) as { code?: string };
    return { status: answer.status, ...(code === undefined ? {} : { code }), cookie: hasSession(answer) };
  }

  function loginRefusals() {
    return world.job('ledger', (tx) =>
      tx
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.outcome, 'refused'), eq(auditEvents.name, 'login.done'))),
    );
  }

  /** A second process over the same world, with other settings or another clock. */
  async function withGateway(settings: Record<string, string>, ahead: number, work: (door: Door) => Promise<void>) {
    const clock = { now: () => new Date(systemClock.now().getTime() + ahead) };
    const second = await serveGateway({ ...world.demo.environment, PORT: '0', ...settings }, null, clock);
    try {
      await work({ url: `http://127.0.0.1:${second.port}`, origin: world.origin });
    } finally {
      await second.close();
    }
  }

  async function begin(): Promise<{ location: URL; cookie: string }> {
    const begun = await fetch(`${world.origin}/login/organisation/gbizid`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: world.origin },
      body: new URLSearchParams({ next: '/' }),
    });
    const [cookie = ''] = begun.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
    return { location: new URL(begun.headers.get('location') ?? ''), cookie };
  }

  async function arrive(callback: URL, cookie: string) {
    const answer = await fetch(callback, { redirect: 'manual', headers: { cookie } });
    await answer.arrayBuffer();
    return { status: answer.status, cookie: hasSession(answer) };
  }
});

function hasSession(answer: Response): boolean {
  return answer.headers.getSetCookie().some((line) => /^__Host-sid=[^;]/.test(line));
}
