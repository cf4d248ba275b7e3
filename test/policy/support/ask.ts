import type { Session } from '../../support/session.ts';
import type { RouteRow } from './routes.ts';
import type { Things } from './things.ts';

/** What a route said to somebody at its door. */
export type Outcome = 'may' | 'login' | 'denied' | 'hidden' | 'gone' | `broken (${number})`;

export interface Answered {
  readonly outcome: Outcome;
  readonly status: number;
  /** All that a stranger could tell answers apart by: headers, body and its length, without the number of the request. */
  readonly face: string;
  /** Of the page, as tab and history show it; null for what is none. */
  readonly title: string | null;
}

/** Names of the parameters of a route's path, as {@link Things} has them. */
export function parametersOf(route: string): readonly string[] {
  return [...route.matchAll(/([\w-]*)\/\{(\w+)\}/g)].map(([, segment = '', name = '']) => keyOf(segment, name));
}

function keyOf(segment: string, name: string): string {
  return name === 'id' ? `${segment}/{id}` : name;
}

export async function ask(session: Session, row: RouteRow, things: Things): Promise<Answered> {
  const [method = '', template = ''] = row.route.split(' ');
  const used: string[] = [];
  const path = template.replace(/([\w-]*)\/\{(\w+)\}/g, (_, segment: string, name: string) => {
    const value = valueOf(row, things, keyOf(segment, name));
    used.push(value);
    return `${segment}/${value}`;
  });
  const answer = await session.send(
    method,
    `${path}${row.query ?? ''}`,
    method === 'GET' ? undefined : bodyOf(row),
    headersOf(row, method),
  );
  const text = await answer.text();
  // A page may repeat its own address; nothing else may repeat what was asked for.
  const neutral = (shown: string) =>
    used
      .reduce((left, id) => left.replaceAll(id, 'ID'), shown)
      .replaceAll(answer.headers.get('x-request-id') ?? '-', 'REQUEST')
      // Every page says for its print when it was made, to the minute.
      .replace(/Printed at: [^<]*/g, 'Printed at')
      .replace(/nonce(-|=")[A-Za-z0-9+/=]+/g, 'nonce');
  const body =
    row.page === true ? neutral(text) : text.replaceAll(answer.headers.get('x-request-id') ?? '-', 'REQUEST');
  const headers = [...answer.headers]
    .filter(([name]) => !['x-request-id', 'date', 'ratelimit', 'ratelimit-policy', 'dpop-nonce'].includes(name))
    .map(([name, value]) => [name, name === 'content-length' && row.page === true ? body.length : neutral(value)]);
  const face = JSON.stringify([answer.status, headers, body]);
  const title = /<title>([^<]*)<\/title>/.exec(text)?.[1] ?? null;
  return { outcome: outcomeOf(answer), status: answer.status, face, title };
}

function valueOf(row: RouteRow, things: Things, name: string): string {
  if (name === 'visibility') return row.visibility ?? 'records';
  if (name === 'documentId') return things[row.visibility ?? 'records'] ?? '';
  // What a row without a thing of its own asks for is not there.
  return things[name] ?? crypto.randomUUID();
}

function bodyOf({ body, page }: RouteRow): string | undefined {
  if (body === undefined || typeof body === 'string') return page === true ? (body ?? '') : body;
  return JSON.stringify(body);
}

function headersOf({ body, page, contentType }: RouteRow, method: string): Record<string, string> {
  const form = method !== 'GET' && (page === true || typeof body === 'string');
  return {
    'accept-language': 'en',
    ...(page === true ? { accept: 'text/html' } : {}),
    ...(form ? { 'content-type': contentType ?? 'application/x-www-form-urlencoded' } : {}),
    ...(!form && body !== undefined ? { 'content-type': 'application/json' } : {}),
    // A machine must say what it uploads; the digest of `{}`.
    ...(method === 'PUT' ? { 'repr-digest': 'sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:' } : {}),
  };
}

/** A page sends whoever has to log in, or to choose a school, where that is done. */
function outcomeOf({ status, headers }: Response): Outcome {
  if (status === 401) return 'login';
  if (status === 403) return 'denied';
  if (status === 404) return 'hidden';
  if (status === 303 && /^\/(login|choose-school)($|[?#])/.test(headers.get('location') ?? '')) return 'login';
  // `document.unreadable`: let in, but its key is gone.
  if (status === 503) return 'gone';
  return status >= 500 ? `broken (${status})` : 'may';
}
