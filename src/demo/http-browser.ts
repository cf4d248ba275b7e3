/** A browser without the browser: cookies per host, redirects by hand, the headers of a page of the same origin. */
export interface HttpBrowser {
  send(method: string, path: string, init?: BrowserRequest): Promise<Response>;
  json(method: string, path: string, body?: unknown): Promise<BrowserAnswer>;
}

interface BrowserRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface BrowserAnswer {
  readonly status: number;
  readonly body: unknown;
}

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export function openHttpBrowser(origin: string): HttpBrowser {
  return pageOf(origin, cookieFetch());
}

/** Logs an account of the stand-in for GBizID in, over the real OpenID Connect flow. */
export function logInWithOrganisation(origin: string, subject: string): Promise<HttpBrowser> {
  return logInAt(origin, '/login/organisation/gbizid', subject);
}

/** The same for somebody with the stand-in for デジタル認証アプリ. */
export function logInWithApp(origin: string, subject: string): Promise<HttpBrowser> {
  return logInAt(origin, '/login/person/digital-auth', subject);
}

async function logInAt(origin: string, path: string, subject: string): Promise<HttpBrowser> {
  const request = cookieFetch();
  const browser = pageOf(origin, request);
  const start = await browser.send('POST', path, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: '',
  });
  const shown = await follow(request, start, `${origin}/`);
  const form = formFor(await shown.answer.text(), subject);
  if (form === null) throw new Error(`the identity provider does not offer ${subject}`);
  const url = new URL(form.action, shown.url).href;
  const chosen = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(url).origin },
    body: new URLSearchParams(form.fields).toString(),
  });
  const end = await follow(request, chosen, url);
  if (end.answer.status >= 400) throw new Error(`the log-in of ${subject} ended with ${end.answer.status}`);
  return browser;
}

function pageOf(origin: string, request: Fetch): HttpBrowser {
  const send: HttpBrowser['send'] = (method, path, init = {}) =>
    request(`${origin}${path}`, {
      ...init,
      method,
      headers: { origin, 'sec-fetch-site': 'same-origin', accept: 'application/json', ...init.headers },
    });
  return {
    send,
    async json(method, path, body) {
      const init = body === undefined ? {} : { body: JSON.stringify(body), headers: jsonHeaders };
      const answer = await send(method, path, init);
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
    },
  };
}

const jsonHeaders = { 'content-type': 'application/json' };

/** Keeps the cookies of every host that it talks to. */
function cookieFetch(): Fetch {
  const jars = new Map<string, Map<string, string>>();
  return async (url, init = {}) => {
    const { host } = new URL(url);
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    const headers = new Headers(init.headers);
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', ...value] = pair.split('=');
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value.join('='));
    }
    return answer;
  };
}

async function follow(request: Fetch, answer: Response, from: string): Promise<{ answer: Response; url: string }> {
  let [current, url] = [answer, from];
  for (let hop = 0; hop < 12 && current.status >= 300 && current.status < 400; hop += 1) {
    url = new URL(current.headers.get('location') ?? '', url).href;
    current = await request(url);
  }
  return { answer: current, url };
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
      if (!tag.startsWith('<button') || value === subject) fields[name] = value;
    }
    return { action, fields };
  }
  return null;
}
