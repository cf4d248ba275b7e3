import { createHash, randomBytes } from 'node:crypto';
import { type CallbackContext, clientAuthenticationNone, setGlobalConfig } from '@openid4vc/oauth2';
import { Openid4vpClient } from '@openid4vc/openid4vp';
import { CompactEncrypt, compactVerify, importJWK, importX509, type JWK } from 'jose';
import { signCompactJwt } from '../../src/crypto/jose.ts';
import type { JwtClaims } from '../../src/crypto/jose-claims.ts';
import { toBase64url } from '../../src/crypto/jose-encoding.ts';
import { bindSdJwt, presentSdJwt } from '../../src/crypto/sd-jwt/present.ts';
import type { Signer } from '../../src/crypto/signer.ts';
import type { Holder } from '../crypto/support/credentials.ts';

// The gateway of the tests speaks http on this machine.
setGlobalConfig({ allowInsecureUrls: true });

/** What an independent client library needs from a wallet: its key, and cryptography that is not ours to verify with. */
export function walletCallbacks(holder: Holder, clientId = 'wallet-of-a-test'): CallbackContext {
  return {
    hash: (data, algorithm) => new Uint8Array(createHash(algorithm.replace('-', '')).update(data).digest()),
    generateRandom: (count) => new Uint8Array(randomBytes(count)),
    clientAuthentication: clientAuthenticationNone({ clientId }),
    decryptJwe: () => ({ decrypted: false }),
    async signJwt(_signer, { header, payload }) {
      const { alg: _alg, ...rest } = header;
      const jwt = await signCompactJwt({ header: rest, claims: { ...payload } as JwtClaims, signer: holder.signer });
      return { jwt, signerJwk: holder.jwk };
    },
    async verifyJwt(signer, { compact }) {
      if (signer.method !== 'x5c') return { verified: false };
      const pem = `-----BEGIN CERTIFICATE-----\n${signer.x5c[0]}\n-----END CERTIFICATE-----`;
      const key = await importX509(pem, signer.alg, { extractable: true });
      await compactVerify(compact, key);
      const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', key);
      return { verified: true, signerJwk: { kty: kty ?? '', crv, x, y } };
    },
    async encryptJwe({ publicJwk, alg, enc, apu, apv }, data) {
      const encrypt = new CompactEncrypt(new TextEncoder().encode(data));
      encrypt.setProtectedHeader({ alg, enc, ...(publicJwk.kid === undefined ? {} : { kid: publicJwk.kid }) });
      const parties = { apu: bytesOf(apu), apv: bytesOf(apv) };
      const given = Object.fromEntries(Object.entries(parties).filter(([, value]) => value !== undefined));
      encrypt.setKeyManagementParameters(given);
      return { encryptionJwk: publicJwk, jwe: await encrypt.encrypt(await importJWK(publicJwk as JWK, alg)) };
    },
    getX509CertificateMetadata: () => ({ sanDnsNames: [], sanUriNames: [] }),
  };
}

function bytesOf(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : new Uint8Array(Buffer.from(text, 'base64url'));
}

/** What a hostile wallet does otherwise. */
export interface WalletLies {
  readonly audience?: string;
  readonly nonce?: string;
  readonly signer?: Signer;
  readonly at?: Date;
  /** Changes the presentation before it is bound (or after, when bound). */
  readonly change?: (presentation: string) => string;
  readonly changeBound?: (presentation: string) => string;
  readonly vpToken?: (presentation: string) => Record<string, string | [string, ...string[]]>;
}

/** Presents a credential by the independent library, as an honest wallet would; or as a hostile one. */
export async function presentByWallet(
  link: string,
  { credential, holder, lies = {} }: { credential: string; holder: Holder; lies?: WalletLies },
) {
  const callbacks = walletCallbacks(holder);
  const client = new Openid4vpClient({ callbacks });
  const { params } = client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: link });
  const resolved = await client.resolveOpenId4vpAuthorizationRequest({ authorizationRequestPayload: params });
  const { authorizationRequestPayload: request, client: verifier } = resolved;
  if (!('client_id' in request)) throw new Error('this is a request for a browser');
  const shown = await presentationFor(request.dcql_query, credential);
  const presentation = await bindSdJwt({
    presentation: (lies.change ?? same)(shown),
    audience: lies.audience ?? verifier.effective,
    nonce: lies.nonce ?? request.nonce,
    at: lies.at ?? new Date(),
    signer: lies.signer ?? holder.signer,
  });
  const bound = (lies.changeBound ?? same)(presentation);
  const { jarm } = await client.createOpenid4vpAuthorizationResponse({
    authorizationRequestPayload: request,
    authorizationResponsePayload: { vp_token: lies.vpToken?.(bound) ?? { certificate: [bound] } },
    jarm: {
      encryption: { nonce: toBase64url(randomBytes(16)) },
      serverMetadata: {
        authorization_encryption_alg_values_supported: ['ECDH-ES'],
        authorization_encryption_enc_values_supported: ['A256GCM'],
        authorization_signing_alg_values_supported: [],
      },
    },
  });
  const submit = async () => {
    const sent = await client.submitOpenid4vpAuthorizationResponse({
      // Sound: the check of `client_id` above has left the other kind of request behind.
      authorizationRequestPayload: request as Parameters<
        typeof client.submitOpenid4vpAuthorizationResponse
      >[0]['authorizationRequestPayload'],
      authorizationResponsePayload: { vp_token: {} },
      ...(jarm === undefined ? {} : { jarm }),
    });
    // Sound: the tests look at what is in it.
    return { status: sent.response.status, body: (await sent.response.json()) as Record<string, string> };
  };
  return { submit, resolved, bound };
}

/** Of the credential what the DCQL query asks for and nothing else. */
async function presentationFor(query: unknown, credential: string): Promise<string> {
  const [asked] = (query as { credentials: { claims?: { path: (string | null)[] }[] }[] }).credentials;
  const names = (asked?.claims ?? []).map(({ path }) => path[0]);
  const presented = await presentSdJwt(credential, (path) => names.includes(String(path[0])));
  if (!presented.ok) throw new Error(presented.fault);
  return presented.value;
}

function same(text: string): string {
  return text;
}
