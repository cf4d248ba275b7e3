import { z } from 'zod';
import type { VerificationKey } from '../crypto/jose-key.ts';
import { fetchFromProvider } from './provider-fetch.ts';
import { ProviderFault } from './sign-in-reason.ts';

/** The public keys of an OpenID provider, fetched when they are needed. */
export interface ProviderKeys {
  /** Null when the provider has no such key. */
  find(kid: unknown): Promise<VerificationKey | null>;
}

type Jwk = Readonly<Record<string, unknown>>;

const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(50) });
const pauseMs = 60_000;
const keptMs = 3_600_000;

/**
 * Keys are kept for an hour. A key id that is not among them has the set fetched once more, since providers rotate; after
 * that not again within a minute, so that a flood of unknown ids is no flood of requests.
 */
export function openProviderKeys(input: {
  readonly uri: string;
  readonly timeoutSeconds: number;
  readonly now?: () => number;
}): ProviderKeys {
  const now = input.now ?? (() => Date.now());
  let keys: Promise<readonly Jwk[]> | null = null;
  let fetchedAt = 0;
  let askedAgainAt = Number.NEGATIVE_INFINITY;

  function load(): Promise<readonly Jwk[]> {
    const loading = fetchKeys(input);
    fetchedAt = now();
    keys = loading;
    // A failure is not kept: the next log-in asks again.
    loading.catch(() => {
      if (keys === loading) keys = null;
    });
    return loading;
  }

  return {
    async find(kid) {
      const kept = now() - fetchedAt < keptMs ? keys : null;
      const known = choose(await (kept ?? load()), kid);
      if (known !== null || now() - askedAgainAt < pauseMs) return known;
      // What has just been fetched for the first time says all that there is.
      if (kept === null) return null;
      askedAgainAt = now();
      return choose(await load(), kid);
    },
  };
}

/** By key id; a provider with one key may leave it out (OIDC Core §10.1). */
function choose(keys: readonly Jwk[], kid: unknown): VerificationKey | null {
  const [only, ...others] = kid === undefined ? keys : keys.filter((key) => key['kid'] === kid);
  return only === undefined || others.length > 0 ? null : { jwk: only };
}

async function fetchKeys(input: { readonly uri: string; readonly timeoutSeconds: number }): Promise<readonly Jwk[]> {
  const signal = AbortSignal.timeout(input.timeoutSeconds * 1000);
  const options = { method: 'GET', headers: { accept: 'application/json' }, signal };
  const answer = await fetchFromProvider(input.uri, options);
  if (answer.status !== 200) throw new ProviderFault('unavailable', 'keys-missing');
  const parsed = keySet.safeParse(await answer.json().catch(() => null));
  if (!parsed.success) throw new ProviderFault('unavailable', 'keys-malformed');
  return parsed.data.keys;
}
