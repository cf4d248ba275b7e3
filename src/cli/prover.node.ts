import type { Clock } from '../clock.ts';
import { makeDpopProof } from '../crypto/dpop.ts';
import { cryptoKeySigner } from '../crypto/signer.ts';

/** Proves with each request that it holds the key which the token is bound to (RFC 9449). */
export interface Prover {
  prove(request: {
    readonly method: string;
    readonly url: string;
    readonly accessToken: string | null;
  }): Promise<string>;
  /** Takes the nonce for the next proof out of an answer; true when the request has to be made again with it. */
  learn(answer: Response): Promise<boolean>;
}

/** A key for this one run of the command: it never touches the disk, and a token without it is worth nothing. */
export async function openProver(clock: Clock): Promise<Prover> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const key = { signer: cryptoKeySigner(pair.privateKey, [], 'ES256'), jwk: { kty, crv, x, y } };
  let nonce: string | null = null;
  return {
    prove: (request) => makeDpopProof(key, { ...request, nonce, now: clock.now() }),
    async learn(answer) {
      nonce = answer.headers.get('dpop-nonce') ?? nonce;
      if (answer.status === 401) return answer.headers.get('www-authenticate')?.includes('use_dpop_nonce') === true;
      // The token endpoint says it in its body (RFC 9449 §8).
      return answer.status === 400 && (await answer.clone().text()).includes('"use_dpop_nonce"');
    },
  };
}
