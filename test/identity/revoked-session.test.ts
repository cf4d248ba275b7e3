import { eq } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { crlSource } from '../../src/crypto/x509/crl.ts';
import { noRevocationSource, type RevocationSource } from '../../src/crypto/x509/revocation.ts';
import { systemScope } from '../../src/database/scope.ts';
import { tellOfLogInJob } from '../../src/identity/log-ins/notify-of-log-in.ts';
import { openChain } from '../../src/identity/session-certificate.ts';
import { sessionCertificates, sessions } from '../../src/identity/tables.ts';
import { outbox } from '../../src/notices/tables.ts';
import { Browser } from './support/browser.ts';
import { eventsOf, everythingStored } from './support/log.ts';
import { bodyOf } from './support/people.ts';
import { askForChallenge, identityOf, logInAs, makePersons, type Persons, proofFor } from './support/persons.ts';
import { openWorld, type World } from './support/world.ts';

/** The platform of an operator that has not heard of anything yet. */
const hasHeardNothing: RevocationSource = { check: () => Promise.resolve({ status: 'good' }) };

const aText: unknown = expect.any(String);

interface Line {
  readonly outcome: string;
  readonly reason: string | null;
}

describe('a session by a card that is revoked later', () => {
  let persons: Persons;
  let world: World;
  let browser: Browser;
  let source: RevocationSource;
  let asked: number;

  beforeAll(async () => {
    persons = await makePersons();
  });
  beforeEach(async () => {
    source = hasHeardNothing;
    asked = 0;
    const revocation: RevocationSource = {
      check: (question) => {
        asked += 1;
        return source.check(question);
      },
    };
    world = await openWorld({ personTrust: { ...persons.trust, revocation } });
    browser = new Browser(world.app);
    return () => world.drop();
  });

  async function loggedIn(who: string): Promise<Browser> {
    const opened = new Browser(world.app);
    expect((await logInAs(opened, identityOf(persons, who))).status).toBe(200);
    return opened;
  }

  async function kindOf(of: Browser): Promise<unknown> {
    return (await bodyOf<{ kind: string }>(of.request('/api/session', {}), 200)).kind;
  }

  /** People at work, without a rest of half an hour; after it the hour is over, and nobody has asked yet. */
  async function nearlyAnHourOn(...of: readonly Browser[]): Promise<void> {
    for (const minutes of [25, 25]) {
      world.clock.pass({ minutes });
      for (const one of of) expect(await kindOf(one)).toBe('person');
    }
    world.clock.pass({ minutes: 11 });
  }

  function inDatabase<T>(work: Parameters<typeof world.database.transaction<T>>[1]): Promise<T> {
    return world.database.transaction(systemScope('login'), work);
  }

  it('A-09 ends within the hour, with every other one of that card, and its person is told', async () => {
    browser = await loggedIn('revoked');
    const elsewhere = await loggedIn('revoked');
    const other = await loggedIn('sakura');
    source = crlSource(persons.crls);
    for (const of of [elsewhere, other, browser]) expect(await kindOf(of)).toBe('person');
    await nearlyAnHourOn(elsewhere, other, browser);
    expect([await kindOf(browser), await kindOf(elsewhere), await kindOf(other)]).toEqual([
      'anonymous',
      'anonymous',
      'person',
    ]);
    const events = (await eventsOf(world)).filter(({ name }) => name === 'logout.done');
    expect(events).toHaveLength(2);
    for (const { detail, role, outcome } of events) {
      expect([detail, role, outcome]).toMatchObject([
        { session: aText, person: aText, by: 'revocation' },
        'person',
        'done',
      ]);
    }
    const jobs = await world.database.transaction(systemScope('outbox'), (tx) =>
      tx.select().from(outbox).where(eq(outbox.kind, tellOfLogInJob)),
    );
    expect(jobs.map(({ payload }) => payload['subject'])).toEqual(['log-in-card-revoked']);
    // By then the card opens nothing, but its person has been here: what they see says why.
    source = hasHeardNothing;
    const { logIns } = await bodyOf<{ logIns: Line[] }>((await loggedIn('revoked')).send('GET', '/api/log-ins'), 200);
    expect(logIns.map(({ outcome, reason }) => `${outcome} ${reason}`)).toContain('refused revoked');
  });

  it('lives on while nobody can tell, and while all is good, asked about once an hour', async () => {
    browser = await loggedIn('sakura');
    const first = asked;
    source = noRevocationSource;
    await nearlyAnHourOn(browser);
    expect(await kindOf(browser)).toBe('person');
    expect(asked).toBe(first * 2);
    await Promise.all([kindOf(browser), kindOf(browser)]);
    expect(asked).toBe(first * 2);
    source = crlSource(persons.crls);
    world.clock.pass({ minutes: 29 });
    expect(await kindOf(browser)).toBe('person');
    world.clock.pass({ minutes: 29 });
    await kindOf(browser);
    world.clock.pass({ minutes: 3 });
    // Four at once ask one question.
    const kinds = await Promise.all(Array.from({ length: 4 }, () => kindOf(browser)));
    expect(kinds).toEqual(['person', 'person', 'person', 'person']);
    expect(asked).toBe(first * 3);
  });

  it('is found out after a step-up too, which gives the session another cookie', async () => {
    browser = await loggedIn('revoked');
    const issued = await askForChallenge(browser, 'step-up');
    const proof = await proofFor(identityOf(persons, 'revoked'), issued, { purpose: 'step-up' });
    expect((await browser.send('POST', '/api/session/authentication', proof)).status).toBe(204);
    source = crlSource(persons.crls);
    await nearlyAnHourOn(browser);
    expect(await kindOf(browser)).toBe('anonymous');
  });

  it('keeps the certificate for the session’s life, readable with its cookie alone', async () => {
    browser = await loggedIn('sakura');
    const rows = await inDatabase((tx) => tx.select().from(sessionCertificates));
    expect(rows).toHaveLength(1);
    const { sessionId = '', sealed = new Uint8Array() } = rows[0] ?? {};
    const [leaf] = openChain({ sessionId, token: browser.cookie('__Host-sid') }, sealed);
    expect(Buffer.from(leaf ?? [])).toEqual(Buffer.from(identityOf(persons, 'sakura').chain[0] ?? []));
    const stranger = (await loggedIn('fumi')).cookie('__Host-sid');
    expect(() => openChain({ sessionId, token: stranger }, sealed)).toThrow();
    expect(() => openChain({ sessionId, token: 'no token!' }, sealed)).toThrow('is no base64url');
    // Without it nothing of the certificate, its number least of all, can be read in what is stored.
    const number = Buffer.from(leaf ?? []).subarray(10, 40);
    expect(Buffer.from(sealed).includes(number)).toBe(false);
    const stored = await everythingStored(world);
    expect(stored).not.toContain(number.toString('hex'));
    expect(stored).not.toContain(browser.cookie('__Host-sid'));
    await browser.send('DELETE', '/api/session');
    const left = await inDatabase((tx) => tx.select({ id: sessionCertificates.sessionId }).from(sessionCertificates));
    const open = await inDatabase((tx) => tx.select({ id: sessions.id }).from(sessions));
    expect(left).toEqual(open);
    const own = { actor: 'person:x', person: 'x' };
    expect(await world.database.transaction(own, (tx) => tx.select().from(sessionCertificates))).toEqual([]);
  });
});
