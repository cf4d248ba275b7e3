import { systemScope } from '../database/scope.ts';
import { after, type ChallengePurpose, challengeSeconds } from './rules.ts';
import { randomToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { insertChallenge, purgeExpired } from './store.ts';

export interface IssuedChallenge {
  readonly id: string;
  /** 256 random bits, base64url; one part of the text to sign, never the text itself. */
  readonly challenge: string;
  readonly origin: string;
  readonly purpose: ChallengePurpose;
  readonly expiresAt: Date;
}

/** Begins one log-in by certificate: the challenge is good for one answer within two minutes (ASVS 6.7.2). */
export async function issueChallenge(services: IdentityServices, purpose: ChallengePurpose): Promise<IssuedChallenge> {
  const now = services.clock.now();
  const issued = {
    id: randomToken(16),
    challenge: randomToken(),
    origin: services.publicOrigin,
    purpose,
    expiresAt: after(now, { seconds: challengeSeconds }),
  };
  await services.database.transaction(systemScope('login'), async (tx) => {
    await purgeExpired(tx, now);
    await insertChallenge(tx, issued);
  });
  return issued;
}
