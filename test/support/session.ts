import type { DemoWorld } from '../../src/demo/world.node.ts';
import { type AnswerBody, readAnswer } from './answer.ts';

/** A browser of one member of staff, without the browser: cookies, redirects, same-origin headers. */
export interface Session {
  send(
    method: string,
    path: string,
    body?: Uint8Array | string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
  /** Sends a body piece by piece, as it comes. */
  stream(
    method: string,
    path: string,
    body: ReadableStream<Uint8Array>,
    headers: Readonly<Record<string, string>>,
  ): Promise<Response>;
  json(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<JsonAnswer>;
  /** What this browser would send as its Cookie header: for requests made by hand. */
  cookie(): string;
}

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
}

/** Logs a demo account of this school and role in through the real OpenID provider. */
export async function openBrowserSession(input: {
  readonly origin: string;
  readonly world: DemoWorld;
  readonly role: string;
  readonly school: string;
}): Promise<Session> {
  const account = input.world.guide.accounts.find(({ memberships }) =>
    memberships.some(({ role, schoolCode }) => role === input.role && schoolCode === input.school),
  );
  if (account === undefined) throw new Error(`nobody is ${input.role} at ${input.school}`);
  return openSessionOf(input.origin, account.subject);
}

/** Logs this very demo account in; with two schools it has yet to choose one. */
export async function openSessionOf(
  origin: string,
  subject: string,
  /** The code of an invitation that the account redeems by logging in. */
  code: string | null = null,
): Promise<Session> {
  const browser = cookieBrowser(origin);
  await browser.logIn(subject, code);
  return browser.session;
}

function cookieBrowser(origin: string) {
  const jars = new Map<string, Map<string, string>>();
  async function request(url: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(url);
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    const headers = new Headers(init.headers);
    if (jar.size > 0) headers.set('cookie', cookiesOf(jar));
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', ...value] = pair.split('=');
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value.join('='));
    }
    return answer;
  }
  async function follow(answer: Response, from: string): Promise<{ answer: Response; url: string }> {
    let [current, url] = [answer, from];
    for (let hop = 0; hop < 12 && current.status >= 300 && current.status < 400; hop++) {
      url = new URL(current.headers.get('location') ?? '', url).href;
      current = await request(url);
    }
    return { answer: current, url };
  }
  return {
    async logIn(subject: string, code: string | null): Promise<void> {
      const start = await request(`${origin}/login/organisation/gbizid`, {
        method: 'POST',
        headers: { origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
        body: code === null ? '' : new URLSearchParams({ code }).toString(),
      });
      const shown = await follow(start, `${origin}/`);
      const page = await shown.answer.text();
      const form = formFor(page, subject);
      if (form === null) throw new Error(`the provider does not offer ${subject}: ${page.slice(0, 500)}`);
      const url = new URL(form.action, shown.url).href;
      const chosen = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(url).origin },
        body: new URLSearchParams(form.fields).toString(),
      });
      await follow(chosen, url);
    },
    session: sessionOver(origin, request, () => cookiesOf(jars.get(new URL(origin).host))),
  };
}

function cookiesOf(jar: ReadonlyMap<string, string> | undefined): string {
  return [...(jar ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
}

type Request = (url: string, init: RequestInit) => Promise<Response>;

function sessionOver(origin: string, request: Request, cookie: () => string): Session {
  const session: Session = {
    cookie,
    send: (method, path, body, headers = {}) =>
      request(`${origin}${path}`, {
        method,
        headers: { origin, 'sec-fetch-site': 'same-origin', accept: 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      }),
    stream(method, path, body, headers) {
      // fetch of Node wants it said that the answer comes after the whole body.
      const init: RequestInit & { readonly duplex: 'half' } = {
        method,
        headers: { origin, 'sec-fetch-site': 'same-origin', accept: 'application/json', ...headers },
        body,
        duplex: 'half',
      };
      return request(`${origin}${path}`, init);
    },
    async json(method, path, body, headers = {}) {
      const answer = await session.send(method, path, body === undefined ? undefined : JSON.stringify(body), {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      });
      return { status: answer.status, headers: answer.headers, body: readAnswer(await answer.text()) };
    },
  };
  return session;
}

/** A client that proves at each request who it is, by a token bound to its key. */
export function openProvingSession(origin: string, send: Request): Session {
  return sessionOver(
    origin,
    (url, init) => send(url, { ...init, redirect: 'manual' }),
    () => '',
  );
}

/** A client that proves who it is by a header it already has, such as a cookie got elsewhere. */
export function openHeaderSession(origin: string, proof: Readonly<Record<string, string>>): Session {
  const request: Request = (url, init) => {
    const headers = { ...Object.fromEntries(new Headers(init.headers)), ...proof };
    return fetch(url, { ...init, headers, redirect: 'manual' });
  };
  return sessionOver(origin, request, () => proof['cookie'] ?? '');
}

/** The form whose button carries the subject. */
function formFor(page: string, subject: string): { action: string; fields: Record<string, string> } | null {
  for (const [, attributes = '', inside = ''] of page.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)) {
    if (!inside.includes(subject)) continue;
    const action = /action="([^"]*)"/.exec(attributes)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const fields: Record<string, string> = {};
    for (const [tag] of inside.matchAll(/<(?:input|button)[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(tag)?.[1];
      const value = /value="([^"]*)"/.exec(tag)?.[1];
      if (name === undefined || value === undefined) continue;
      if (tag.startsWith('<button') && value !== subject) continue;
      fields[name] = value;
    }
    return { action, fields };
  }
  return null;
}
