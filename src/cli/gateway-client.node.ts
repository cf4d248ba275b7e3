import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type AccessToken, fetchAccessToken } from './access-token.node.ts';
import type { Cli } from './cli.ts';
import { CliError, GatewayRefusal } from './cli-error.ts';
import { readMachineKey } from './machine-key.node.ts';
import { type Profile, profilePath, readProfile } from './profile.node.ts';
import { openProver } from './prover.node.ts';
import { reach } from './reach.ts';

/** The gateway's public API, as one machine client sees it. */
export interface GatewayClient {
  readonly origin: string;
  get(path: string): Promise<unknown>;
  /** With an Idempotency-Key, so that it may be tried again when the line breaks. */
  post(path: string, body: unknown): Promise<unknown>;
  put(path: string, body: unknown): Promise<unknown>;
  upload(path: string, upload: Upload): Promise<unknown>;
  download(path: string): Promise<Response>;
}

export interface Upload {
  readonly mediaType: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Opened anew for every try. */
  readonly source: () => AsyncIterable<Uint8Array>;
}

const problemSchema = z.object({
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.string(),
  requestId: z.string(),
});
const tries = 3;
const renewBeforeMs = 60_000;

/** Opens the gateway of a profile; tokens are fetched when they are needed. */
export async function openGateway(cli: Cli, profile: string | undefined): Promise<GatewayClient> {
  return connect(cli, await readProfile(profilePath(profile, cli.environment)));
}

async function connect(cli: Cli, profile: Profile): Promise<GatewayClient> {
  const key = await readMachineKey(profile.keyFile);
  const { origin, clientId } = profile;
  const prover = await openProver(cli.clock);
  let token: AccessToken | null = null;

  async function freshToken(): Promise<string> {
    const isGood = token !== null && token.expiresAt.getTime() - cli.clock.now().getTime() > renewBeforeMs;
    token =
      token !== null && isGood ? token : await fetchAccessToken({ origin, clientId, key, clock: cli.clock, prover });
    return token.token;
  }

  async function sendOnce(path: string, request: RequestInit): Promise<Response> {
    const accessToken = await freshToken();
    const url = `${origin}${path}`;
    const headers = new Headers(request.headers);
    headers.set('authorization', `DPoP ${accessToken}`);
    headers.set('dpop', await prover.prove({ method: request.method ?? 'GET', url, accessToken }));
    headers.set('accept-language', cli.locale);
    if (!headers.has('accept')) headers.set('accept', 'application/json');
    return reach(() => fetch(url, { ...request, headers, redirect: 'error' }), origin);
  }

  async function send(path: string, init: () => RequestInit): Promise<Response> {
    return again(async () => {
      let answer = await sendOnce(path, init());
      if (await prover.learn(answer)) answer = await sendOnce(path, init());
      if (!answer.ok) throw await refusalOf(answer);
      return answer;
    });
  }

  async function sendJson(method: 'POST' | 'PUT', path: string, body: unknown): Promise<unknown> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const init = { method, headers, body: JSON.stringify(body) };
    return json(await send(path, () => init));
  }

  return {
    origin,
    get: async (path) => json(await send(path, () => ({}))),
    post: (path, body) => sendJson('POST', path, body),
    put: (path, body) => sendJson('PUT', path, body),
    async upload(path, upload) {
      return json(await send(path, () => uploadRequest(upload)));
    },
    download: (path) => send(path, () => ({ headers: { accept: '*/*' } })),
  };
}

/** RFC 9530: the gateway holds the digest against what arrived. */
function uploadRequest(upload: Upload): RequestInit {
  const digest = Buffer.from(upload.sha256, 'hex').toString('base64');
  const init: RequestInit & { duplex: 'half' } = {
    method: 'PUT',
    headers: {
      'content-type': upload.mediaType,
      'content-length': String(upload.bytes),
      'repr-digest': `sha-256=:${digest}:`,
    },
    // Sound: Node's fetch takes any async iterable of bytes; the DOM types know web streams only.
    body: upload.source() as unknown as BodyInit,
    // What fetch demands with a stream.
    duplex: 'half',
  };
  return init;
}

async function json(answer: Response): Promise<unknown> {
  return answer.json();
}

/** Tries again when nothing was heard: a POST carries its key, an upload replaces nothing until it is whole. */
async function again<T>(request: () => Promise<T>): Promise<T> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      return await request();
    } catch (error) {
      const isSilent = error instanceof CliError && error.key === 'gateway.unreachable';
      if (!isSilent || left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 300 * (tries - left)));
    }
  }
}

async function refusalOf(answer: Response): Promise<GatewayRefusal | CliError> {
  const parsed = problemSchema.safeParse(await answer.json().catch(() => null));
  if (parsed.success) return new GatewayRefusal(parsed.data);
  return new GatewayRefusal({
    title: `HTTP ${answer.status}`,
    status: answer.status,
    detail: '',
    code: 'http.unexpected',
    requestId: answer.headers.get('x-request-id') ?? '',
  });
}
