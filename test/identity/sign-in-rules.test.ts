import { describe, expect, it } from 'vitest';
import { providerNameHash } from '../../src/identity/secrets.ts';
import { isAnswered, proofOf, signInFault, wantedOf } from '../../src/identity/sign-in-rules.ts';

const at = (text: string) => new Date(`2026-04-01T${text}Z`);
const attempt = { provider: 'gbizid', stepUpOf: null, bindTo: null, expiresAt: at('09:10:00') };

describe('an attempt to log in at a provider', () => {
  it('is answered in time, at the address of its own provider', () => {
    const inTime = { providerId: 'gbizid', now: at('09:09:59.999') };
    expect(isAnswered(attempt, inTime)).toBe(true);
    expect(isAnswered(attempt, { ...inTime, now: at('09:10:00') })).toBe(false);
    expect(isAnswered(attempt, { ...inTime, providerId: 'second' })).toBe(false);
  });

  it('wants nobody older than a session, and of who is asked again an authentication since then', () => {
    const given = { authTime: 'required', absoluteHours: 12, now: at('09:01:30.100') } as const;
    expect(wantedOf(attempt, given)).toEqual({ maxAgeSeconds: 43_200, mustSay: false });
    for (const again of [{ stepUpOf: 'session' }, { bindTo: 'person' }]) {
      const wanted = { maxAgeSeconds: 91, mustSay: true };
      expect(wantedOf({ ...attempt, ...again }, given)).toEqual(wanted);
      const silent = { ...given, authTime: 'unavailable' } as const;
      expect(wantedOf({ ...attempt, ...again }, silent)).toEqual({ ...wanted, mustSay: false });
    }
  });

  it('is kept with the names there as hashes, and when the person was seen', () => {
    const issuer = 'https://idp.example/';
    const provider = { id: 'gbizid', issuer, authTime: 'required' } as const;
    const now = at('09:01:00');
    const proven = { subject: 's', sid: 'x', authenticatedSecondsAgo: 30 };
    expect(proofOf(proven, { provider, now })).toEqual({
      authenticatedAt: at('09:00:30'),
      provider: 'gbizid',
      subjectHash: providerNameHash(issuer, 'sub', 's'),
      sidHash: providerNameHash(issuer, 'sid', 'x'),
    });
    const unsaid = { ...proven, sid: null, authenticatedSecondsAgo: null };
    expect(proofOf(unsaid, { provider, now })).toMatchObject({ authenticatedAt: new Date(0), sidHash: null });
    const never = { ...provider, authTime: 'unavailable' } as const;
    expect(proofOf(unsaid, { provider: never, now })).toMatchObject({ authenticatedAt: now });
  });

  it('that failed is told in one of three ways', () => {
    const told = (['unavailable', 'cancelled', 'refused'] as const).map((kind) => signInFault({ kind, detail: 'x' }));
    expect(told).toEqual(['login.provider-unavailable', 'login.cancelled', 'login.refused']);
  });
});
