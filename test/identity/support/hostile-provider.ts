import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT, UnsecuredJWT } from 'jose';

/** What the provider is told to do wrong at the next log-in; everything else it does right. */
export interface Misbehaviour {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly alg?: 'none' | 'HS256' | 'ES256' | 'RS256';
  /** Signs with a key that its key set does not hold. */
  readonly foreignKey?: true;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly userinfo?: Readonly<Record<string, unknown>>;
  readonly tokenStatus?: number;
}

export interface HostileProvider {
  readonly issuer: string;
  /** The nonce of the authorization request goes into the ID token unless the misbehaviour says otherwise. */
  behave(nonce: string, misbehaviour?: Misbehaviour): void;
  rotateKeys(): Promise<void>;
  close(): Promise<void>;
}

/** A small OpenID provider whose every answer can be falsified: what a correct library will not produce. */
export async function openHostileProvider(
  clientId: string,
  usual: 'RS256' | 'ES256' = 'RS256',
): Promise<HostileProvider> {
  let keys = await newKeys('k1', usual);
  let plan: { nonce: string; wrong: Misbehaviour } = { nonce: '', wrong: {} };
  let generation = 1;
  let issuer = '';
  const server = createServer((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', issuer).pathname;
    if (path.endsWith('/openid-configuration')) return send(response, metadata(issuer));
    if (path.endsWith('/jwks')) return send(response, { keys: [keys.publicJwk] });
    if (path.endsWith('/token')) {
      if (plan.wrong.tokenStatus !== undefined)
        return send(response, { error: 'server_error' }, plan.wrong.tokenStatus);
      return send(response, { access_token: 'at', token_type: 'Bearer', id_token: await idToken(), expires_in: 60 });
    }
    if (path.endsWith('/userinfo')) return send(response, { ...goodUserinfo, ...plan.wrong.userinfo });
    response.writeHead(404).end();
  }

  async function idToken(): Promise<string> {
    const { wrong, nonce } = plan;
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, aud: clientId, sub: 'subject-1', nonce, iat: now, exp: now + 300, ...wrong.claims };
    if (wrong.alg === 'none') return new UnsecuredJWT(claims).encode();
    const header: JWTHeaderParameters = { kid: keys.kid, ...wrong.header, alg: wrong.alg ?? usual };
    if (wrong.alg === 'HS256') {
      // The classic confusion: the public key, which everybody has, as the secret of an HMAC.
      return new SignJWT(claims)
        .setProtectedHeader(header)
        .sign(new TextEncoder().encode(JSON.stringify(keys.publicJwk)));
    }
    const signing = wrong.foreignKey ? await newKeys(keys.kid, usual) : keys;
    return new SignJWT(claims).setProtectedHeader(header).sign(header.alg === 'ES256' ? signing.ec : signing.rsa);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  issuer = `http://localhost:${address.port}/`;
  return {
    issuer,
    behave: (nonce, wrong = {}) => {
      plan = { nonce, wrong };
    },
    rotateKeys: async () => {
      generation += 1;
      keys = await newKeys(`k${generation}`, usual);
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const goodUserinfo = {
  sub: 'subject-1',
  account_type: 3,
  corp_type: '1',
  corporate_number: 7000012050002,
};

function metadata(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}authorize`,
    token_endpoint: `${issuer}token`,
    userinfo_endpoint: `${issuer}userinfo`,
    jwks_uri: `${issuer}jwks`,
    authorization_response_iss_parameter_supported: true,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256', 'HS256', 'none'],
  };
}

/** A key of either kind; the usual one's public half is what the key set shows. */
async function newKeys(kid: string, usual: 'RS256' | 'ES256') {
  const rsa = await generateKeyPair('RS256', { extractable: true });
  const ec = await generateKeyPair('ES256', { extractable: true });
  const { publicKey } = usual === 'RS256' ? rsa : ec;
  return {
    kid,
    rsa: rsa.privateKey,
    ec: ec.privateKey,
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg: usual, use: 'sig' },
  };
}

function send(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
