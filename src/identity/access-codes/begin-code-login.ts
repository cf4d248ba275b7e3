import { systemScope } from '../../database/scope.ts';
import { enqueue } from '../../notices/outbox.ts';
import { logEvent } from '../audit.ts';
import { after } from '../rules.ts';
import { hashToken, randomToken } from '../secrets.ts';
import type { IdentityServices } from '../services.ts';
import type { AccessCodeRow } from '../tables.ts';
import { accessCodeHash, accessNumberMinutes, numbersPerAccessCode, stateOfAccessCode } from './rules.ts';
import { accessNumberJob } from './send-access-number.ts';
import { changeAccessCode, forgetAttempts, insertCodeAttempt, lockAccessCode } from './store.ts';

export interface CodeLoginBegun {
  /** 256 random bits: ties the number to whoever typed the code. */
  readonly attempt: string;
  readonly expiresAt: Date;
}

/**
 * Takes the code of a paper and has a number sent. The answer is the same for a code that is right, wrong, unknown,
 * used, withdrawn, locked or expired: only a letter box tells, and it is the guardian's.
 */
export async function beginCodeLogin(services: IdentityServices, typed: string): Promise<CodeLoginBegun> {
  const attempt = randomToken();
  const idHash = hashToken(attempt);
  const now = services.clock.now();
  const expiresAt = after(now, { minutes: accessNumberMinutes });
  await services.database.transaction(systemScope('access-code'), async (tx) => {
    await forgetAttempts(tx, now);
    const code = await lockAccessCode(tx, { codeHash: accessCodeHash(typed) });
    const refused = reasonAgainst(code, now);
    // Whoever finds a paper may ask for a few numbers; asking once more locks it, and the school sees that.
    if (code !== null && refused === null) {
      const numbersSent = code.numbersSent + 1;
      await changeAccessCode(tx, code.id, { numbersSent });
      if (numbersSent <= numbersPerAccessCode) {
        await enqueue(tx, { kind: accessNumberJob, payload: { attempt: idHash } });
      }
    }
    const codeId = refused === null ? (code?.id ?? null) : null;
    await insertCodeAttempt(tx, { idHash, codeId, numberHash: null, expiresAt });
    await logEvent(tx, services, {
      name: 'access-code.entered',
      refused,
      organisation: code?.schoolCode ?? null,
      actorRole: 'anonymous',
      detail: code === null ? {} : { code: code.id },
    });
  });
  return { attempt, expiresAt };
}

function reasonAgainst(code: AccessCodeRow | null, now: Date): string | null {
  if (code === null) return 'code-unknown';
  const state = stateOfAccessCode(code, now);
  return state === 'open' ? null : `code-${state}`;
}
