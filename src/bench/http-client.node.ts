import { Agent, type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export type Client = (call: Call) => Promise<Answer>;

/** At most so many connections, each kept open. */
export function openClient(connections: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  return async ({ method, url, headers = {}, body }) =>
    new Promise((resolve, reject) => {
      const call = request(url, { method, agent, headers: { ...headers, ...lengthOf(body) } }, (answer) => {
        readAll(answer).then(
          (bytes) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: bytes }),
          reject,
        );
      });
      call.once('error', reject);
      if (body === undefined || body instanceof Uint8Array) call.end(body);
      else pipeline(Readable.from(body), call).catch(reject);
    });
}

/** The answer's body when it is a success; else an error that names what was called. */
export async function expectSuccess(client: Client, call: Call): Promise<Answer> {
  const answer = await client(call);
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new Error(`${call.method} ${call.url} → ${answer.status} ${answer.body.toString().slice(0, 300)}`);
}

function lengthOf(body: Call['body']): Record<string, string> {
  return body instanceof Uint8Array ? { 'content-length': String(body.length) } : {};
}

async function readAll(answer: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  // Sound: without an encoding set, the pieces are buffers.
  for await (const piece of answer) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
