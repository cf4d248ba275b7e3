import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  checkNumberFrom,
  entitlementOf,
  lastDayBefore,
  scopeOfGuardian,
  seesNow,
  standingOf,
} from '../../src/identity/guardians/rules.ts';
import { isLastWay, turnedAwayBy } from '../../src/identity/log-ins/rules.ts';
import {
  assuranceOf,
  type OrganisationAccount,
  parseOrganisationAccount,
} from '../../src/identity/organisation-account.ts';
import { isProofNonce, proofNonce } from '../../src/identity/proof-nonce.ts';
import {
  type Arrival,
  askedFor,
  countedOf,
  isLinkPath,
  isUpload,
  isWalletCall,
  narrowestOf,
} from '../../src/identity/rate-rules.ts';
import {
  after,
  dayInJapan,
  isSessionOver,
  limitsOf,
  linkingCodeText,
  localPath,
  loginText,
  parseLinkingCode,
  reasonAgainstChallenge,
  secondsOfDayLeft,
} from '../../src/identity/rules.ts';
import { machineActor, personActor, staffActor } from '../policy/support/decisions.ts';

const at = (text: string) => new Date(text);

describe('days and spans', () => {
  it('counts the calendar day in Japan', () => {
    expect(dayInJapan(at('2026-03-31T14:59:59.999Z'))).toBe('2026-03-31');
    expect(dayInJapan(at('2026-03-31T15:00:00Z'))).toBe('2026-04-01');
  });

  it('counts the seconds until midnight in Japan, rounded up', () => {
    expect(secondsOfDayLeft(at('2026-03-31T14:59:59Z'))).toBe(1);
    expect(secondsOfDayLeft(at('2026-03-31T14:59:59.001Z'))).toBe(1);
    expect(secondsOfDayLeft(at('2026-03-31T14:59:00Z'))).toBe(60);
    expect(secondsOfDayLeft(at('2026-03-31T15:00:00Z'))).toBe(86_400);
  });

  it('adds seconds, minutes and days', () => {
    expect(after(at('2026-03-31T00:00:00Z'), { seconds: 1, minutes: 2, days: 3 })).toEqual(at('2026-04-03T00:02:01Z'));
    expect(after(at('2026-03-31T00:00:00Z'), {})).toEqual(at('2026-03-31T00:00:00Z'));
  });

  it('ends a session by rest and by age, at the very moment', () => {
    const limits = { idleMinutes: 30, absoluteHours: 12 };
    const session = {
      assurance: 'certificate' as const,
      lastSeenAt: at('2026-03-31T09:00:00Z'),
      expiresAt: at('2026-03-31T09:20:00Z'),
    };
    expect(isSessionOver(session, { now: at('2026-03-31T09:19:59Z'), limits })).toBe(false);
    expect(isSessionOver(session, { now: at('2026-03-31T09:20:00Z'), limits })).toBe(true);
    const long = { ...session, expiresAt: at('2026-03-31T21:00:00Z') };
    expect(isSessionOver(long, { now: at('2026-03-31T09:29:59Z'), limits })).toBe(false);
    expect(isSessionOver(long, { now: at('2026-03-31T09:30:00Z'), limits })).toBe(true);
    // Whoever came by a code on paper rests ten minutes at most.
    const byCode = { ...long, assurance: 'schoolCode' as const };
    expect(isSessionOver(byCode, { now: at('2026-03-31T09:09:59Z'), limits })).toBe(false);
    expect(isSessionOver(byCode, { now: at('2026-03-31T09:10:00Z'), limits })).toBe(true);
    expect(limitsOf('schoolCode', limits)).toEqual({ idleMinutes: 10, absoluteHours: 1 });
    expect(limitsOf('schoolCode', { idleMinutes: 5, absoluteHours: 0.5 })).toEqual({
      idleMinutes: 5,
      absoluteHours: 0.5,
    });
    expect(limitsOf('certificate', limits)).toBe(limits);
  });
});

describe('the way back after a log-in', () => {
  it.each(['/', '/cases', '/cases?side=sender&x=%20', `/${'a'.repeat(499)}`])('keeps %s', (path) => {
    expect(localPath(path)).toBe(path);
  });

  it.each([
    undefined,
    '',
    'cases',
    'https://example.com/',
    '//example.com',
    '/\\example.com',
    '/a\\b',
    '/a b',
    '/a\nb',
    '/é',
    ' /a',
    `/${'a'.repeat(500)}`,
  ])('makes the top page of %j', (path) => {
    expect(localPath(path)).toBe('/');
  });
});

describe('codes on paper', () => {
  it('have 26 characters for 128 bits, in groups of five', () => {
    expect(linkingCodeText(new Uint8Array(16))).toBe('00000-00000-00000-00000-00000-0');
    expect(linkingCodeText(new Uint8Array(16).fill(0xff))).toBe('7ZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-Z');
    const counted = Uint8Array.from({ length: 20 }, (_, index) => index + 1);
    expect(linkingCodeText(counted)).toBe('01081-G8186-0W40J-2GB1G-6GW3R-G');
    expect(linkingCodeText(counted)).toBe(linkingCodeText(counted.subarray(0, 16)));
  });

  it.each([
    '00G40-R40M3-0E209-185GR-38E1W-8',
    '00g40r40m30e209185gr38e1w8',
    '  OOG4O r4Om3 oe2o9 I85gr 38elw 8 ',
    '００Ｇ４０－Ｒ４０Ｍ３－０Ｅ２０９－１８５ＧＲ－３８Ｅ１Ｗ－８',
    '00G40‐R40M3―0E209−185GRー38E1W-8',
  ])('are read as people type them: %s', (typed) => {
    expect(parseLinkingCode(typed)).toBe('00G40R40M30E209185GR38E1W8');
  });

  it.each(['', '00G40', '00G40R40M30E209185GR38E1W', '00G40R40M30E209185GR38E1W88', '00G40R40M30E209185GR38E1WU'])(
    'are none when they cannot be: %j',
    (typed) => {
      expect(parseLinkingCode(typed)).toBeNull();
    },
  );

  it('differ from what a certificate signs', async () => {
    const vectors = z
      .object({ valid: z.array(z.object({ parts: z.record(z.string(), z.string()), text: z.string() })) })
      .parse(JSON.parse(await readFile(join(import.meta.dirname, '../vectors/login/login.json'), 'utf8')));
    for (const { parts, text } of vectors.valid) {
      const { origin = '', purpose = '', challengeId = '', challenge = '' } = parts;
      expect(new TextDecoder().decode(loginText({ origin, purpose, challengeId, challenge }))).toBe(text);
    }
  });
});

describe('an account of an organisation', () => {
  const issuer = 'https://gbiz.example';
  const info = { sub: 'a', account_type: 3, corp_type: 1, corporate_number: 7000012050002 };

  it('is read from numbers and strings alike', () => {
    const known = { issuer, subject: 'a', type: 'member', corporateNumber: '7000012050002' };
    const account = { ...known, name: null, contactMail: null };
    expect(parseOrganisationAccount(issuer, info)).toEqual(account);
    const asText = { sub: 'a', account_type: '3', corp_type: '1', corporate_number: '7000012050002' };
    expect(parseOrganisationAccount(issuer, asText)).toEqual(account);
  });

  it.each([
    ['1', 'entry', null],
    ['2', 'prime', 'organisationPrime'],
    ['3', 'member', 'organisationMember'],
    ['4', 'unknown', null],
  ])('of type %s is %s, at the level %s', (type, kind, level) => {
    const account = parseOrganisationAccount(issuer, { ...info, account_type: type });
    expect(account?.type).toBe(kind);
    // Sound: the four kinds stand in the table.
    expect(assuranceOf(kind as OrganisationAccount['type'])).toBe(level);
  });

  it('has a number only where a corporation has one with a right check digit', () => {
    const numberOf = (change: object) => parseOrganisationAccount(issuer, { ...info, ...change })?.corporateNumber;
    expect(numberOf({ corp_type: 2 })).toBeNull();
    expect(numberOf({ corp_type: undefined })).toBeNull();
    expect(numberOf({ corporate_number: undefined })).toBeNull();
    expect(numberOf({ corporate_number: 7000012050003 })).toBeNull();
  });

  it('has an address for notices, the user’s own first, and none where what is told is none', () => {
    const mailOf = (change: object) => parseOrganisationAccount(issuer, { ...info, ...change })?.contactMail;
    expect(mailOf({ user_email: 'a@example.jp', email: 'b@example.jp' })).toBe('a@example.jp');
    expect(mailOf({ email: 'b@example.jp' })).toBe('b@example.jp');
    for (const none of ['', 'nobody', 'a@example.jp\r\nBcc: b@example.jp', 7, null, `${'a'.repeat(250)}@example.jp`]) {
      expect(mailOf({ user_email: none })).toBeNull();
    }
  });

  it('has a name of family and given name, of one of them, or none', () => {
    const nameOf = (change: object) => parseOrganisationAccount(issuer, { ...info, ...change })?.name;
    expect(nameOf({ user_last_nm: '春野', user_first_nm: '桜子' })).toBe('春野　桜子');
    expect(nameOf({ user_last_nm: '春野' })).toBe('春野');
    expect(nameOf({ user_first_nm: '桜子' })).toBe('桜子');
    expect(nameOf({ user_last_nm: 'あ'.repeat(200) })).toBe('あ'.repeat(200));
    expect(nameOf({ user_last_nm: 'あ'.repeat(201) })).toBeUndefined();
    expect(nameOf({ user_first_nm: 'あ'.repeat(201) })).toBeUndefined();
  });

  it('is none without what identifies it', () => {
    for (const wrong of [null, {}, { ...info, sub: '' }, { ...info, sub: 'x'.repeat(256) }, { ...info, sub: 1 }]) {
      expect(parseOrganisationAccount(issuer, wrong)).toBeNull();
    }
    expect(parseOrganisationAccount(issuer, { ...info, sub: 'x'.repeat(255) })).not.toBeNull();
    expect(parseOrganisationAccount(issuer, { ...info, account_type: 1.5 })).toBeNull();
    expect(parseOrganisationAccount(issuer, { ...info, account_type: undefined })).toBeNull();
  });
});

describe('what is counted', () => {
  const asked = (method: string, path: string) => askedFor({ method, path, address: '192.0.2.1' });
  const door = (name: string) => [{ name, subject: '192.0.2.1' }];

  it.each([
    ['POST', '/login/organisation/gbizid', 'login'],
    ['POST', '/api/login/challenges', 'login'],
    ['GET', '/login/callback/gbizid', 'login'],
    ['POST', '/api/links', 'login'],
    ['POST', '/api/certificates', 'login'],
    ['POST', '/links/new', 'login'],
    ['POST', '/api/token', 'token'],
    ['GET', '/api/token', 'token'],
  ])('%s %s is a door', (method, path, name) => {
    expect(asked(method, path).doors).toEqual(door(name));
  });

  it.each([
    ['GET', '/login'],
    ['POST', '/login/'],
    ['GET', '/links/new'],
    ['GET', '/api/links'],
    ['POST', '/api/links/x'],
    ['POST', '/x/api/links'],
    ['POST', '/x/login/y'],
    ['GET', '/api/login/challenges'],
    ['POST', '/api/cases'],
  ])('%s %s is none', (method, path) => {
    expect(asked(method, path).doors).toEqual([]);
  });

  it.each([
    ['GET', '/wallet/offers/x', 'token'],
    ['POST', '/wallet/nonce', 'token'],
    ['POST', '/wallet/par', 'token'],
    ['POST', '/wallet/token', 'token'],
    ['POST', '/wallet/credential', 'heavy'],
    ['GET', '/verify/wallet/requests/x', 'token'],
    ['POST', '/verify/wallet/requests/x', 'token'],
    ['GET', '/verify/wallet/answered/x', 'token'],
    ['GET', '/verify/wallet/x/state', 'token'],
    ['POST', '/verify/wallet', 'heavy'],
    ['POST', '/verify/wallet/responses/x', 'heavy'],
    ['POST', '/verify/wallet/x/number', 'heavy'],
  ])('%s %s is counted by address, for wallets and those who ask them', (method, path, name) => {
    const subject = name === 'token' ? '192.0.2.1' : 'address:192.0.2.1';
    expect(asked(method, path).doors).toEqual([{ name, subject }]);
  });

  it.each([
    ['POST', '/s/secret'],
    ['POST', '/s/secret/file'],
    ['POST', '/w/secret/removal'],
  ])('%s %s is counted by address and by link', (method, path) => {
    expect(asked(method, path)).toEqual({
      doors: [
        { name: 'login', subject: '192.0.2.1' },
        { name: 'login', subject: 'link:secret', perMinute: 20 },
      ],
      heavy: false,
    });
  });

  it.each(['/s/secret', '/w/secret', '/s/'])('GET %s is counted nowhere: it looks nothing up', (path) => {
    expect([asked('GET', path).doors, asked('HEAD', path).doors]).toEqual([[], []]);
  });

  it('knows the addresses that are links, and none that only look so', () => {
    expect(['/s/x', '/w/x', '/s/x/file'].filter((path) => !isLinkPath(path))).toEqual([]);
    expect(['/s', '/s/', '/sx/y', '/x/s/y', '/sessions'].filter((path) => isLinkPath(path))).toEqual([]);
  });

  it.each(['/c/AAAA', '/api/certificate-states/AAAA', '/verify/seals/x', '/api/verifications'])(
    '%s is counted by address as heavy, whoever asks',
    (path) => {
      expect(asked('GET', path)).toEqual({ doors: [{ name: 'heavy', subject: 'address:192.0.2.1' }], heavy: false });
    },
  );

  it('reads no cookie where a wallet calls, and nowhere beside it', () => {
    const calls = ['/wallet/token', '/wallet/credential', '/wallet/offers/x', '/verify/wallet/responses/x'];
    const pages = [
      '/wallet/authorize',
      '/wallet/token/x',
      '/verify/wallet',
      '/verify/wallet/x',
      '/verify/wallet/answered/x',
    ];
    expect(calls.filter((path) => !isWalletCall(path))).toEqual([]);
    expect(pages.filter((path) => isWalletCall(path))).toEqual([]);
  });

  it('knows what costs much', () => {
    for (const path of ['/api/cases/x/verification', '/verify', '/api/cases/x/containers/records', '/log/export']) {
      expect([path, asked('GET', path).heavy]).toEqual([path, true]);
    }
    for (const path of ['/api/cases/x/verification/y', '/containers', '/api/cases/x/containers/a/b', '/exports']) {
      expect([path, asked('GET', path).heavy]).toEqual([path, false]);
    }
  });

  it('counts who verifies, and who asks for seals, by address as heavy', () => {
    for (const path of ['/api/verifications', `/verify/seals/${'A'.repeat(43)}`]) {
      expect([path, asked('GET', path).doors.map(({ name }) => name)]).toEqual([path, ['heavy']]);
    }
  });

  it('knows an upload', () => {
    const url = 'https://x.example/api/cases/a/documents/b/content';
    expect(isUpload('PUT', url)).toBe(true);
    expect(isUpload('PUT', `${url}?a=b`)).toBe(true);
    expect(isUpload('GET', url)).toBe(false);
    for (const wrong of [`${url}/`, 'https://x.example/y/api/cases/a/documents/b/content', 'https://x.example/'])
      expect([wrong, isUpload('PUT', wrong)]).toEqual([wrong, false]);
  });

  it('counts everybody by account, and staff and machines with all of their school', () => {
    const doors = [{ name: 'login', subject: 'x' }] as const;
    const school = { name: 'school', subject: 'C111100000001' };
    const light = { doors, heavy: false };
    const heavy = { doors, heavy: true };
    const unbound = { kind: 'unboundStaff', staffId: 's', sessionId: 's' } as const;
    expect(countedOf({ kind: 'anonymous' }, heavy)).toEqual(doors);
    expect(countedOf(unbound, light)).toEqual([...doors, { name: 'account', subject: 'staff:s' }]);
    expect(countedOf(personActor, heavy)).toEqual([
      ...doors,
      { name: 'account', subject: 'person:person' },
      { name: 'heavy', subject: 'person:person' },
    ]);
    expect(countedOf(staffActor('clerk'), light)).toEqual([
      ...doors,
      { name: 'account', subject: 'staff:staff' },
      school,
    ]);
    const client = { name: 'client', subject: 'machine:machine' };
    expect(countedOf(machineActor(), light)).toEqual([...doors, client, school]);
    expect(countedOf(machineActor(), heavy)).toEqual([
      ...doors,
      client,
      school,
      { name: 'heavy', subject: 'machine:machine' },
    ]);
  });
});

describe('the narrowest of the limits', () => {
  const arrival = (change: Partial<Arrival>): Arrival => ({
    name: 'login',
    subject: 'x',
    perMinute: 6,
    allowed: true,
    seconds: 10,
    ...change,
  });
  const verdict = (change: Partial<Arrival>) => narrowestOf([arrival(change)]);

  it('says what is left, and when all of it is there again', () => {
    expect(verdict({})).toEqual({
      name: 'login',
      subject: 'x',
      perMinute: 6,
      allowed: true,
      remaining: 5,
      resetSeconds: 10,
      retryAfterSeconds: 0,
    });
    expect(verdict({ seconds: 30.5 })).toMatchObject({ remaining: 2, resetSeconds: 31 });
    expect(verdict({ seconds: 60.000_001 })).toMatchObject({ remaining: 0 });
    expect(narrowestOf([])).toBeNull();
  });

  it('says to the second when one more is let through', () => {
    const refused = (seconds: number) => verdict({ allowed: false, seconds });
    expect(refused(60)).toMatchObject({ allowed: false, remaining: 0, resetSeconds: 60, retryAfterSeconds: 10 });
    expect(refused(52.5)).toMatchObject({ remaining: 0, retryAfterSeconds: 3 });
    expect(refused(50)).toMatchObject({ retryAfterSeconds: 1 });
  });

  it('is a refusal, of several the longest; else what has the smallest share left', () => {
    const refusals = [51, 59, 55].map((seconds) => arrival({ name: 'school', allowed: false, seconds }));
    expect(narrowestOf([arrival({ seconds: 60 }), ...refusals])).toMatchObject({ name: 'school', resetSeconds: 59 });
    const heavy = arrival({ name: 'heavy', perMinute: 2, seconds: 30 });
    const account = arrival({ name: 'account', perMinute: 60, seconds: 45 });
    const school = arrival({ name: 'school', perMinute: 600, seconds: 20 });
    for (const arrivals of [
      [heavy, account, school],
      [school, account, heavy],
    ])
      expect(narrowestOf(arrivals)).toMatchObject({ name: 'account', remaining: 15 });
  });
});

describe('the nonce of a DPoP proof', () => {
  const key = new Uint8Array(32).fill(7);
  const made = at('2026-03-20T00:00:30Z');

  it('comes out of key and time, and holds in its window and those beside it', () => {
    const nonce = proofNonce(key, made);
    expect(nonce).toMatch(/^[\w-]{43}$/);
    expect(proofNonce(key, at('2026-03-20T00:01:59Z'))).toBe(nonce);
    expect(proofNonce(key, at('2026-03-20T00:02:00Z'))).not.toBe(nonce);
    expect(proofNonce(new Uint8Array(32), made)).not.toBe(nonce);
    const holds = (text: string) => isProofNonce(key, { nonce, at: at(text) });
    expect([holds('2026-03-19T23:58:00Z'), holds('2026-03-20T00:03:59Z')]).toEqual([true, true]);
    expect([holds('2026-03-19T23:57:59Z'), holds('2026-03-20T00:04:00Z')]).toEqual([false, false]);
    expect(isProofNonce(key, { nonce: '', at: made })).toBe(false);
  });
});

describe('a challenge', () => {
  const challenge = { origin: 'https://a.example', purpose: 'login', expiresAt: at('2026-04-01T09:02:00Z') };
  const wanted = { origin: 'https://a.example', purpose: 'login', at: at('2026-04-01T09:01:59.999Z') } as const;

  it('is answered in time, under its own origin, for its own purpose', () => {
    expect(reasonAgainstChallenge(challenge, wanted)).toBeNull();
    const against = (change: object) => reasonAgainstChallenge(challenge, { ...wanted, ...change });
    expect(against({ at: challenge.expiresAt })).toBe('challenge-expired');
    expect(against({ purpose: 'step-up' })).toBe('challenge-other-purpose');
    expect(against({ origin: 'https://b.example' })).toBe('challenge-other-origin');
  });
});

describe('the last way to log in', () => {
  it('tells its person why it was turned away, as far as that is theirs to know', () => {
    const told = ['path:revoked', 'path:not-valid,expired', 'path:key-usage'].map(turnedAwayBy);
    expect(told).toEqual(['revoked', 'expired', 'other']);
  });

  it('counts only a way that still opens a door', () => {
    const at = new Date('2026-11-28T00:00:00Z');
    const way = (id: string, notAfter: Date | null) => ({ id, notAfter });
    const past = new Date('2026-11-27T00:00:00Z');
    expect(isLastWay([way('a', null), way('b', past)], 'a', at)).toBe(true);
    expect(isLastWay([way('a', null), way('b', past)], 'b', at)).toBe(false);
    expect(isLastWay([way('a', at), way('b', null)], 'b', at)).toBe(false);
    expect(isLastWay([way('a', null)], 'a', at)).toBe(true);
  });
});

describe('guardians', () => {
  const record = { state: 'confirmed', validFrom: '2026-04-01', validUntil: null, consent: null } as const;
  const sight = { seesRecords: true, seesHealth: true, seesLedger: true };
  const link = { pupilId: 'pupil', relation: 'guardian', isConfirmed: true, birthDate: '2011-04-02' } as const;

  it('stand in force from the first day to the last', () => {
    const on = (day: string, change: object = {}) =>
      standingOf({ ...record, ...change }, { birthDate: '2011-04-02', day });
    expect([on('2026-03-31'), on('2026-04-01')]).toEqual(['notYet', 'confirmed']);
    const until = { validUntil: '2027-03-31' };
    expect([on('2027-03-31', until), on('2027-04-01', until)]).toEqual(['confirmed', 'over']);
    const granted = { consent: { givenOn: '2029-04-02', until: '2030-03-31' } };
    expect([on('2030-03-31', granted), on('2030-04-01', granted), on('2030-03-31')]).toEqual([
      'granted',
      'ofAge',
      'ofAge',
    ]);
    expect(on('2030-03-31', { validUntil: null, ...granted })).toBe('granted');
  });

  it('see while they stand in force or the pupil of age lets them, and what the record says', () => {
    const standings = ['pending', 'notYet', 'confirmed', 'granted', 'disputed', 'over', 'ofAge', 'ended'] as const;
    expect(standings.filter(seesNow)).toEqual(['confirmed', 'granted']);
    expect(scopeOfGuardian(sight)).toEqual(['records', 'health', 'ledger']);
    expect(scopeOfGuardian({ seesRecords: false, seesHealth: false, seesLedger: false })).toEqual([]);
    const own = { ...link, relation: 'self', guardian: null } as const;
    expect(entitlementOf(own, '2026-11-21')?.scope).toEqual(['records', 'health', 'ledger']);
    const theirs = { ...link, guardian: { ...record, ...sight } };
    expect(entitlementOf(theirs, '2026-03-31')).toBeNull();
    expect(entitlementOf(theirs, '2026-11-21')).toMatchObject({ pupilId: 'pupil', relation: 'guardian' });
  });

  it('have numbers of six digits, and days before days', () => {
    expect(checkNumberFrom(Uint32Array.of(42))).toBe('000042');
    expect(checkNumberFrom(Uint32Array.of(4_294_967_295))).toBe('967295');
    expect(checkNumberFrom(new Uint32Array())).toBe('000000');
    expect([lastDayBefore('2028-03-01'), lastDayBefore('2027-01-01')]).toEqual(['2028-02-29', '2026-12-31']);
  });
});
