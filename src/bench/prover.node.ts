import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { type Answer, type Call, type Client, expectSuccess } from './http-client.node.ts';

/** Sends with a proof of the key that its tokens are bound to (RFC 9449). */
export interface Prover {
  /** Learns the first nonce from a request that is refused for the lack of one. */
  fetchNonce(client: Client, call: Call): Promise<void>;
  call(client: Client, token: string | null, call: Call): Promise<Answer>;
}

/** Every answer brings the nonce of the next two minutes, so no request of the measurement is made twice. */
export function openProver(): Prover {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: publicKey.export({ format: 'jwk' }) };
  let nonce = '';

  function proved(token: string | null, { url, ...call }: Call): Call {
    const claims = {
      htm: call.method,
      htu: url.split('?')[0],
      iat: Math.floor(Date.now() / 1000),
      jti: randomUUID(),
      nonce,
      ...(token === null ? {} : { ath: createHash('sha256').update(token).digest('base64url') }),
    };
    const headers = { ...call.headers, dpop: signJwt(privateKey, header, claims) };
    return { ...call, url, headers: token === null ? headers : { ...headers, authorization: `DPoP ${token}` } };
  }

  function learn({ headers }: Answer): void {
    const given = headers['dpop-nonce'];
    if (typeof given === 'string') nonce = given;
  }

  return {
    async fetchNonce(client, call) {
      learn(await client(proved(null, call)));
    },
    async call(client, token, call) {
      const answer = await expectSuccess(client, proved(token, call));
      learn(answer);
      return answer;
    },
  };
}

export function signJwt(key: KeyObject, header: object, claims: object): string {
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
