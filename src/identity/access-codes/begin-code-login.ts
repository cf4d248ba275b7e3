import { systemScope } from '../../database/scope.ts';
import { enqueue } from '../../notices/outbox.ts';
import { logEvent } from '../audit.ts';
import { after } from '../rules.ts';
import { hashToken, randomToken } from '../secrets.ts';
import type { IdentityServices } from '../services.ts';
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
    const state = code === null ? 'unknown' : stateOfAccessCode(code, now);
    const open = state === 'open' ? code : null;
    // Whoever finds a paper may ask for a few numbers; asking once more locks it, and the school sees that.
    if (open !== null) {
      const numbersSent = open.numbersSent + 1;
      await changeAccessCode(tx, open.id, { numbersSent });
      if (numbersSent <= numbersPerAccessCode) {
        await enqueue(tx, { kind: accessNumberJob, payload: { attempt: idHash } });
      }
    }
    await insertCodeAttempt(tx, { idHash, codeId: open?.id ?? null, numberHash: null, expiresAt });
    await logEvent(tx, services, {
      name: 'access-code.entered',
      refused: state === 'open' ? null : `code-${state}`,
      organisation: code?.schoolCode ?? null,
      actorRole: 'anonymous',
      detail: code === null ? {} : { code: code.id },
    });
  });
  return { attempt, expiresAt };
}
