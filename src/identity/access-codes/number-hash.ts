import { createHmac, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

// 32 MiB for each look: a number of six digits must not be cheap to search for (ASVS 6.5.2, 11.4.2).
const cost: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };

/**
 * A password hash of a short number, `salt.hash` in base64url. The key of the person index goes in first: the database
 * alone lets nobody search for the number, however short it is.
 */
export async function hashNumber(indexKey: Uint8Array, number: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(indexKey, number, salt);
  return `${salt.toString('base64url')}.${hash.toString('base64url')}`;
}

/** The same work whether there is a hash or not: the time tells nobody which codes exist. */
export async function numberMatches(indexKey: Uint8Array, number: string, stored: string | null): Promise<boolean> {
  const [salt, hash] = stored === null ? [randomBytes(16), randomBytes(32)] : partsOf(stored);
  return timingSafeEqual(await derive(indexKey, number, salt), hash);
}

function partsOf(stored: string): readonly [salt: Buffer, hash: Buffer] {
  const dot = stored.indexOf('.');
  return [Buffer.from(stored.slice(0, dot), 'base64url'), Buffer.from(stored.slice(dot + 1), 'base64url')];
}

function derive(indexKey: Uint8Array, number: string, salt: Uint8Array): Promise<Buffer> {
  const peppered = createHmac('sha256', indexKey).update(`hikitsugi/access-number/v1\0${number}`).digest();
  return new Promise((resolve, reject) => {
    scrypt(peppered, salt, 32, cost, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
