import { createHash } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';

/** A key that tokens are bound to, and what a proof with it may lie about. By jose alone: none of our own code. */
export interface ProofKey {
  readonly privateKey: CryptoKey;
  readonly jwk: Readonly<Record<string, unknown>>;
}

export interface ProofParts {
  readonly now?: Date;
  readonly method: string;
  readonly url: string;
  readonly token?: string;
  readonly nonce?: string | null;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

export async function newProofKey(): Promise<ProofKey> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  return { privateKey: pair.privateKey, jwk: { ...(await exportJWK(pair.publicKey)) } };
}

export async function proofWith(key: ProofKey, { now, method, url, token, nonce, claims, header }: ProofParts) {
  const { origin, pathname } = new URL(url);
  const ath = token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') };
  const all = {
    htm: method,
    htu: `${origin}${pathname}`,
    iat: Math.floor((now?.getTime() ?? Date.now()) / 1000),
    jti: crypto.randomUUID(),
    ...ath,
    ...(typeof nonce === 'string' ? { nonce } : {}),
    ...claims,
  };
  return new SignJWT(all)
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: { ...key.jwk }, ...header })
    .sign(key.privateKey);
}

type Send = (url: string, init: RequestInit) => Promise<Response>;

export interface BoundClient {
  /** A token by this assertion; its answer is the gateway's last. */
  token(url: string, form: () => Promise<URLSearchParams>): Promise<Response>;
  /** A request with this token and a proof of its own. */
  send(token: string, url: string, init: RequestInit): Promise<Response>;
}

/** Sends what a machine sends, and learns the nonce from each answer. */
export async function openBoundClient(send: Send, now = () => new Date()): Promise<BoundClient> {
  const key = await newProofKey();
  let nonce: string | null = null;

  async function withProof(url: string, init: RequestInit, token?: string): Promise<Response> {
    const method = init.method ?? 'GET';
    const headers = new Headers(init.headers);
    const bound = token === undefined ? {} : { token };
    headers.set('dpop', await proofWith(key, { now: now(), method, url, nonce, ...bound }));
    if (token !== undefined) headers.set('authorization', `DPoP ${token}`);
    const answer = await send(url, { ...init, headers });
    nonce = answer.headers.get('dpop-nonce') ?? nonce;
    return answer;
  }

  return {
    async token(url, form) {
      const first = await withProof(url, { method: 'POST', body: await form() });
      const isAsked = first.status === 400 && (await first.clone().text()).includes('use_dpop_nonce');
      return isAsked ? withProof(url, { method: 'POST', body: await form() }) : first;
    },
    async send(token, url, init) {
      const first = await withProof(url, init, token);
      const isAsked = first.headers.get('www-authenticate')?.includes('use_dpop_nonce') === true;
      return isAsked ? withProof(url, init, token) : first;
    },
  };
}
