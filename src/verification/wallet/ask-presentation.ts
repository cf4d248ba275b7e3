import { makeEncryptionKey } from '../../crypto/jose-encryption-key.ts';
import type { Gateway } from '../../gateway.ts';
import { hashToken, randomToken } from '../../identity/secrets.ts';
import { logPresentation } from './audit.ts';
import { minutesAfter, requestMinutes } from './rules.ts';
import { sealFor } from './secrets.ts';
import { insertRequest, presentationJob, purgeRequests } from './store.ts';
import type { Asked } from './tables.ts';

/** What an answer is encrypted to: made for one request, and named so within it. */
const keyName = 'answer';

/**
 * Begins to ask a wallet for a certificate. Anybody may: what the holder shows is told to this browser alone, and only once the holder
 * has told it a number, or is holding this very browser.
 *
 * @param browser - value of the cookie of the browser that asks
 * @returns the id of the request, which is public
 */
export async function askPresentation(
  gateway: Pick<Gateway, 'database' | 'clock' | 'sealDetail' | 'walletKey'>,
  { browser, asked }: { readonly browser: string; readonly asked: Asked },
): Promise<string> {
  const id = randomToken(16);
  const now = gateway.clock.now();
  const { privateJwk } = await makeEncryptionKey(keyName);
  await gateway.database.transaction(presentationJob, async (tx) => {
    await purgeRequests(tx, now);
    await insertRequest(tx, {
      id,
      browserHash: hashToken(browser),
      asked,
      sealedKey: sealFor(gateway.walletKey, { id, content: 'key' }, privateJwk),
      state: 'waiting',
      expiresAt: minutesAfter(now, requestMinutes),
    });
    await logPresentation(tx, gateway, { name: 'presentation.asked', refused: null, detail: { kind: asked.kind } });
  });
  return id;
}
