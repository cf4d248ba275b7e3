import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseX509Certificate } from '../../src/crypto/x509/certificate.ts';
import { crlSource } from '../../src/crypto/x509/crl.ts';
import { nameText } from '../../src/crypto/x509/names.ts';
import { noRevocationSource } from '../../src/crypto/x509/revocation.ts';
import { systemScope } from '../../src/database/scope.ts';
import { hashToken } from '../../src/identity/secrets.ts';
import type { PersonTrust } from '../../src/identity/services.ts';
import { findSession } from '../../src/identity/store.ts';
import { Browser } from './support/browser.ts';
import { eventsOf, everythingStored, refusalsOf } from './support/log.ts';
import { askForChallenge, identityOf, logInAs, makePersons, type Persons, proofFor } from './support/persons.ts';
import { openWorld, testApp, type World } from './support/world.ts';

describe('the log-in by personal certificate', () => {
  let persons: Persons;
  let world: World;
  let browser: Browser;

  beforeAll(async () => {
    persons = await makePersons();
    world = await openWorld({ personTrust: persons.trust });
  });
  afterAll(() => world.drop());
  beforeEach(() => {
    browser = new Browser(world.app);
  });

  it('V7.5.3 A-08 confirms a session by a certificate of the same person, for this purpose alone', async () => {
    await logInAs(browser, identityOf(persons, 'sakura'));
    const former = browser.cookie('__Host-sid');
    const confirm = async (id: string, purpose = 'step-up', asked = purpose) => {
      const issued = await askForChallenge(browser, asked);
      const proof = await proofFor(identityOf(persons, id), issued, { purpose });
      return (await browser.send('POST', '/api/session/authentication', proof)).status;
    };
    expect(await confirm('fumi')).toBe(401);
    expect(await lastReason()).toBe('step-up-other-person');
    // A challenge to log in with confirms nothing, nor a text that was signed for something else.
    expect(await confirm('sakura', 'login')).toBe(401);
    expect(await confirm('sakura', 'login', 'step-up')).toBe(401);
    expect(browser.cookie('__Host-sid')).toBe(former);
    world.clock.pass({ minutes: 11 });
    expect(await (await browser.get('/login/again')).text()).toContain('data-purpose="step-up"');
    expect(await confirm('sakura')).toBe(204);
    expect(browser.cookie('__Host-sid')).not.toBe(former);
    expect(await new Browser(world.app, { '__Host-sid': former }).identity()).toMatchObject({ kind: 'anonymous' });
    expect(await browser.identity()).toMatchObject({ kind: 'person', assurance: 'certificate' });
    const owner = await sessionOf(browser);
    expect((await eventsOf(world)).at(-1)).toEqual({
      name: 'login.renewed',
      outcome: 'done',
      reason: null,
      organisation: null,
      side: 'person',
      role: 'person',
      detail: { session: owner?.id, person: owner?.personId },
    });
    world.clock.pass({ minutes: -11 });
    // And a challenge to confirm with opens no session.
    const issued = await askForChallenge(browser, 'step-up');
    const proof = await proofFor(identityOf(persons, 'sakura'), issued, { purpose: 'step-up' });
    expect((await new Browser(world.app).send('POST', '/api/login/certificate', proof)).status).toBe(401);
  });

  async function lastReason(): Promise<string | undefined> {
    return (await refusalsOf(world)).at(-1);
  }

  async function expectRefusal(response: Response): Promise<string | undefined> {
    expect(response.status).toBe(401);
    // Sound: every refusal is problem+json.
    const problem = (await response.json()) as { code: string };
    expect(problem.code).toBe('login.refused');
    expect(response.headers.getSetCookie()).toEqual([]);
    const event = { name: 'login.done', outcome: 'refused', role: 'person', organisation: null, detail: {} };
    expect((await eventsOf(world)).at(-1)).toMatchObject(event);
    return lastReason();
  }

  it.each(['sakura', 'fumi', 'yoko', 'mayumi', 'ren'])(
    'lets %s in: RSA, P-256 and P-384, each generation of one authority',
    async (id) => {
      const response = await logInAs(browser, identityOf(persons, id));
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({
        kind: 'person',
        name: null,
        school: null,
        role: null,
        homeroom: null,
        assurance: 'certificate',
        revocation: 'good',
        scopes: null,
        canSwitch: false,
      });
      expect(await browser.identity()).toMatchObject({ kind: 'person', assurance: 'certificate' });
      const session = await sessionOf(browser);
      expect(session).toMatchObject({
        assurance: 'certificate',
        revocation: 'good',
        staffId: null,
        membershipId: null,
      });
      expect(session?.browser).toMatch(/Chrome/);
      expect((await eventsOf(world)).at(-1)).toEqual({
        name: 'login.done',
        outcome: 'done',
        reason: null,
        organisation: null,
        side: 'person',
        role: 'person',
        detail: { person: session?.personId, session: session?.id, assurance: 'certificate', revocation: 'good' },
      });
      const { logIns } = (await (await browser.get('/api/log-ins')).json()) as { logIns: unknown[] };
      expect(logIns[0]).toMatchObject({ outcome: 'done', assurance: 'certificate', reason: null });
    },
  );

  it('lets in whom nobody could check where the operator says so, and makes nothing lasting of it', async () => {
    const anchors = persons.trust.anchors.map((anchor) => ({ ...anchor, whenNotChecked: 'limit' as const }));
    const personTrust = { ...persons.trust, anchors, revocation: noRevocationSource };
    const blind = testApp({ ...world.services, personTrust });
    const unchecked = new Browser(blind);
    const answer = await logInAs(unchecked, identityOf(persons, 'sakura'));
    expect(await answer.json()).toMatchObject({ assurance: 'certificate', revocation: 'notChecked' });
    expect((await eventsOf(world)).at(-1)).toMatchObject({ detail: { revocation: 'notChecked' } });
    expect(await sessionOf(unchecked)).toMatchObject({ revocation: 'notChecked' });
    await logInAs(browser, identityOf(persons, 'sakura'));
    // The same person by a good session, at a gateway that cannot check.
    const checked = new Browser(blind, { '__Host-sid': browser.cookie('__Host-sid') });
    const ask = async (by: Browser, path: string, purpose: string) => {
      const issued = await askForChallenge(by, purpose);
      const proof = await proofFor(identityOf(persons, 'sakura'), issued, { purpose });
      const refused = await by.send('POST', path, proof);
      const { name, reason, outcome, role } = (await eventsOf(world)).at(-1) ?? {};
      return [refused.status, ((await refused.json()) as { code: string }).code, name, reason, outcome, role];
    };
    const told = [403, 'login.not-checked'];
    const logged = ['refused', 'person'];
    const added = [...told, 'login.way-added'];
    expect(await ask(unchecked, '/api/certificates', 'bind-certificate')).toEqual([
      ...added,
      'session-not-checked',
      ...logged,
    ]);
    expect(await ask(checked, '/api/certificates', 'bind-certificate')).toEqual([
      ...added,
      'certificate-not-checked',
      ...logged,
    ]);
    expect(await ask(checked, '/api/session/authentication', 'step-up')).toEqual([
      ...told,
      'login.renewed',
      'certificate-not-checked',
      ...logged,
    ]);
  });

  it('shows the person that a card of theirs was turned away, or that another’s answered in their browser', async () => {
    const sakura = identityOf(persons, 'sakura');
    await logInAs(browser, sakura);
    await logInAs(browser, sakura, { origin: 'https://evil.example' });
    const blind = new Browser(
      testApp({ ...world.services, personTrust: { ...persons.trust, revocation: noRevocationSource } }),
    );
    expect((await logInAs(blind, sakura)).status).toBe(401);
    const issued = await askForChallenge(browser, 'step-up');
    const proof = await proofFor(identityOf(persons, 'fumi'), issued, { purpose: 'step-up' });
    expect((await browser.send('POST', '/api/session/authentication', proof)).status).toBe(401);
    const { logIns } = (await (await browser.get('/api/log-ins')).json()) as { logIns: unknown[] };
    const refused = { outcome: 'refused', assurance: 'certificate' };
    expect(logIns.slice(0, 3)).toMatchObject([
      { ...refused, reason: 'otherPerson' },
      { ...refused, reason: 'other' },
      { outcome: 'done', reason: null },
    ]);
  });

  it('confirms nothing for whoever is not logged in', async () => {
    const issued = await askForChallenge(browser, 'step-up');
    const proof = await proofFor(identityOf(persons, 'sakura'), issued, { purpose: 'step-up' });
    const answer = await browser.send('POST', '/api/session/authentication', proof);
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'login.required' }]);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  function sessionOf(of: Browser) {
    const hash = hashToken(of.cookie('__Host-sid'));
    return world.database.transaction(systemScope('login'), (tx) => findSession(tx, hash));
  }

  it('finds the same person again, and another one for another certificate', async () => {
    const seen: string[] = [];
    for (const id of ['sakura', 'sakura', 'kenichi']) {
      const fresh = new Browser(world.app);
      await logInAs(fresh, identityOf(persons, id));
      seen.push(JSON.stringify(await (await fresh.get('/api/sessions')).json()));
    }
    // The third person sees one session, the first now two (and one from the test before).
    const counts = seen.map((text) => text.match(/"id"/g)?.length ?? 0);
    expect(counts[1]).toBe((counts[0] ?? 0) + 1);
    expect(counts[2]).toBe(1);
  });

  it('makes one person of two first log-ins at once', async () => {
    const identity = identityOf(persons, 'hajime');
    const answers = await Promise.all([
      logInAs(new Browser(world.app), identity),
      logInAs(new Browser(world.app), identity),
      logInAs(browser, identity),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { sessions } = (await (await browser.get('/api/sessions')).json()) as { sessions: unknown[] };
    expect(sessions).toHaveLength(3);
  });

  it('A-08 refuses a challenge that is answered twice', async () => {
    const identity = identityOf(persons, 'sakura');
    const proof = await proofFor(identity, await askForChallenge(browser));
    expect((await browser.send('POST', '/api/login/certificate', proof)).status).toBe(200);
    const replay = await new Browser(world.app).send('POST', '/api/login/certificate', proof);
    expect(await expectRefusal(replay)).toBe('challenge-unknown');
  });

  it('A-08 burns the challenge when the first answer was wrong', async () => {
    const identity = identityOf(persons, 'sakura');
    const issued = await askForChallenge(browser);
    const wrong = await proofFor(identity, issued, { origin: 'https://evil.example' });
    expect(await expectRefusal(await browser.send('POST', '/api/login/certificate', wrong))).toBe('signature-invalid');
    const right = await proofFor(identity, issued);
    expect(await expectRefusal(await browser.send('POST', '/api/login/certificate', right))).toBe('challenge-unknown');
  });

  it('A-08 lets one of ten answers at once through', async () => {
    const proof = await proofFor(identityOf(persons, 'fumi'), await askForChallenge(browser));
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => new Browser(world.app).send('POST', '/api/login/certificate', proof)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('A-08 refuses a text signed for another origin, purpose, challenge or protocol', async () => {
    const identity = identityOf(persons, 'fumi');
    const lies = [
      { origin: 'https://evil.example' },
      { origin: 'http://localhost:8788' },
      { purpose: 'bind-certificate' },
      { challenge: 'A'.repeat(43) },
      { domain: 'electronic-locker/seal/v1' },
    ];
    for (const lie of lies) {
      expect(await expectRefusal(await logInAs(browser, identity, lie))).toBe('signature-invalid');
    }
  });

  it('A-08 refuses a challenge issued for another purpose', async () => {
    const issued = await askForChallenge(browser, 'bind-certificate');
    const proof = await proofFor(identityOf(persons, 'sakura'), issued, { purpose: 'bind-certificate' });
    expect(await expectRefusal(await browser.send('POST', '/api/login/certificate', proof))).toBe(
      'challenge-other-purpose',
    );
  });

  it('A-08 refuses a challenge issued under another origin', async () => {
    const other = new Browser(testApp({ ...world.services, publicOrigin: 'https://other.example' }));
    const issued = await askForChallenge(other);
    const proof = await proofFor(identityOf(persons, 'sakura'), issued);
    expect(await expectRefusal(await browser.send('POST', '/api/login/certificate', proof))).toBe(
      'challenge-other-origin',
    );
  });

  it('A-08 refuses a challenge after two minutes', async () => {
    const proof = await proofFor(identityOf(persons, 'sakura'), await askForChallenge(browser));
    world.clock.pass({ seconds: 121 });
    const answer = await browser.send('POST', '/api/login/certificate', proof);
    world.clock.pass({ seconds: -121 });
    expect(await expectRefusal(answer)).toBe('challenge-expired');
  });

  it('refuses a signature by another key, and one that is empty or garbage', async () => {
    const identity = identityOf(persons, 'fumi');
    const keyOf = identityOf(persons, 'hajime');
    expect(await expectRefusal(await logInAs(browser, identity, { keyOf }))).toBe('signature-invalid');
    for (const signature of ['', 'AAAA', Buffer.alloc(64).toString('base64')]) {
      const proof = { ...(await proofFor(identity, await askForChallenge(browser))), signature };
      const answer = await browser.send('POST', '/api/login/certificate', proof);
      expect(await expectRefusal(answer)).toBe('signature-invalid');
    }
  });

  it.each([
    ['expired', /^path:.*expired/],
    ['revoked', /^path:.*revoked/],
    ['wrong-purpose', /^(path:.*key-usage|wrong-kind)/],
    ['self-made', /^path:/],
    ['unknown-root', /^path:/],
    ['old-generation', /^path:.*expired/],
    ['kamome-signature', /^wrong-kind:signature/],
  ])('A-09 refuses the certificate "%s"', async (id, reason) => {
    expect(await expectRefusal(await logInAs(browser, identityOf(persons, id)))).toMatch(reason);
  });

  it('A-09 refuses when there is no revocation list, or only a stale one', async () => {
    const identity = identityOf(persons, 'sakura');
    const without = (revocation: PersonTrust['revocation']) =>
      new Browser(testApp({ ...world.services, personTrust: { ...persons.trust, revocation } }));
    for (const source of [noRevocationSource, crlSource([])]) {
      expect(await expectRefusal(await logInAs(without(source), identity))).toMatch(/revocation-unknown/);
    }
    world.clock.pass({ days: 8 });
    const stale = await logInAs(without(crlSource(persons.crls)), identity);
    world.clock.pass({ days: -8 });
    expect(await expectRefusal(stale)).toMatch(/revocation-unknown/);
  });

  it('A-09 refuses bytes that are no certificate, none, and too many', async () => {
    const identity = identityOf(persons, 'sakura');
    const proof = await proofFor(identity, await askForChallenge(browser));
    const garbage = { ...proof, certificates: ['MAA='] };
    expect(await expectRefusal(await browser.send('POST', '/api/login/certificate', garbage))).toMatch(/malformed/);
    for (const certificates of [[], Array.from({ length: 6 }, () => proof.certificates[0])]) {
      const answer = await browser.send('POST', '/api/login/certificate', { ...proof, certificates });
      expect(answer.status).toBe(400);
    }
  });

  it('adds a renewed certificate to the person, and refuses one that is somebody else’s', async () => {
    const renewed = identityOf(persons, 'kamome');
    await logInAs(browser, identityOf(persons, 'yoko'));
    const issued = await askForChallenge(browser, 'bind-certificate');
    const bound = await proofFor(renewed, issued, { purpose: 'bind-certificate' });
    expect((await browser.send('POST', '/api/certificates', bound)).status).toBe(204);
    const again = new Browser(world.app);
    await logInAs(again, renewed);
    const { sessions } = (await (await again.get('/api/sessions')).json()) as { sessions: unknown[] };
    expect(sessions.length).toBeGreaterThan(1);

    await logInAs(new Browser(world.app), identityOf(persons, 'kenichi'));
    const taken = await askForChallenge(browser, 'bind-certificate');
    const others = await proofFor(identityOf(persons, 'kenichi'), taken, { purpose: 'bind-certificate' });
    const refused = await browser.send('POST', '/api/certificates', others);
    expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'login.way-taken' }]);
    expect(await lastReason()).toBe('way-of-another-person');
  });

  it('stores neither name nor serial of a certificate, only the keyed hash', async () => {
    const identity = identityOf(persons, 'sakura');
    await logInAs(browser, identity);
    const leaf = parseX509Certificate(identity.chain[0] ?? new Uint8Array());
    if (!leaf.ok) throw new Error('the certificate cannot be read');
    const holder = /CN=(\w+)/.exec(nameText(leaf.value.subject))?.[1] ?? 'no name';
    const stored = await everythingStored(world);
    expect(stored).toMatch(/"certificate_key":"[0-9a-f]{64}"/);
    expect(stored.toLowerCase()).not.toContain(leaf.value.serial.toLowerCase());
    expect(stored).not.toContain(holder);
    expect(stored).not.toContain(browser.cookie('__Host-sid'));
  });
});
