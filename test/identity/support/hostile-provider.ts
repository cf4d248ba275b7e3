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
  /** What comes instead of an answer, and where. */
  readonly instead?: { readonly at: Place; readonly what: 'redirect' | 'huge' | 'silence' | 'html' | 'error' };
}

type Place = 'discovery' | 'token' | 'jwks' | 'userinfo' | 'par';

export interface HostileProvider {
  readonly issuer: string;
  /** The nonce of the authorization request goes into the ID token unless the misbehaviour says otherwise. */
  behave(nonce: string, misbehaviour?: Misbehaviour): void;
  /** What the metadata say otherwise, from the next discovery on. */
  announce(metadata: Readonly<Record<string, unknown>>): void;
  rotateKeys(): Promise<void>;
  /** How often each place was asked. */
  asked(place: Place | 'elsewhere'): number;
  /** The form that came last to the token or PAR endpoint. */
  lastForm(): URLSearchParams;
  /** Signs what a provider sends by the back channel. */
  logoutToken(wrong?: Misbehaviour): Promise<string>;
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
  const counts = new Map<string, number>();
  let announced: Readonly<Record<string, unknown>> = {};
  let form = new URLSearchParams();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', issuer).pathname;
    const place = placeOf(path);
    counts.set(place, (counts.get(place) ?? 0) + 1);
    if (place === 'token' || place === 'par') form = new URLSearchParams(await textOf(request));
    if (plan.wrong.instead?.at === place) return misanswer(response, plan.wrong.instead.what);
    if (place === 'discovery') return send(response, { ...metadata(issuer), ...announced });
    if (place === 'par') return send(response, { request_uri: 'urn:example:pushed', expires_in: 60 }, 201);
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

  async function logoutToken({ claims, header, alg, foreignKey }: Misbehaviour): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const said = {
      iss: issuer,
      aud: clientId,
      sub: 'subject-1',
      iat: now,
      exp: now + 120,
      jti: crypto.randomUUID(),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      ...claims,
    };
    if (alg === 'none') return new UnsecuredJWT(said).encode();
    const signing = foreignKey ? await newKeys(keys.kid, usual) : keys;
    const full: JWTHeaderParameters = { kid: keys.kid, typ: 'logout+jwt', ...header, alg: alg ?? usual };
    return new SignJWT(said).setProtectedHeader(full).sign(full.alg === 'ES256' ? signing.ec : signing.rsa);
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
    announce: (more) => {
      announced = more;
    },
    asked: (place) => counts.get(place) ?? 0,
    lastForm: () => form,
    logoutToken: (wrong = {}) => logoutToken(wrong),
    rotateKeys: async () => {
      generation += 1;
      keys = await newKeys(`k${generation}`, usual);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function placeOf(path: string): Place | 'elsewhere' {
  if (path.endsWith('/openid-configuration')) return 'discovery';
  const last = path.slice(1);
  return last === 'token' || last === 'jwks' || last === 'userinfo' || last === 'par' ? last : 'elsewhere';
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of request) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces).toString('utf8');
}

function misanswer(response: ServerResponse, what: NonNullable<Misbehaviour['instead']>['what']): void {
  switch (what) {
    case 'redirect':
      response.writeHead(302, { location: '/elsewhere' }).end();
      return;
    case 'huge': {
      // No end of it: whoever reads on never comes to one.
      response.writeHead(200, { 'content-type': 'application/json' });
      const piece = `{"x":"${'x'.repeat(65_536)}`;
      const more = () => {
        while (!response.destroyed && response.write(piece)) continue;
      };
      response.on('drain', more);
      more();
      return;
    }
    case 'silence':
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sorry</h1>');
      return;
    case 'error':
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":"temporarily_unavailable"}');
  }
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
