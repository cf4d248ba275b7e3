import { type Answer, type Client, openClient } from './http-client.node.ts';

/** Logs one account of the demonstration in through its identity provider; the value of the session's Cookie header. */
export async function logIn(origin: string, subject: string): Promise<string> {
  const browser = openBrowser();
  const start = await browser({
    method: 'POST',
    url: `${origin}/login/organisation/gbizid`,
    headers: { origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.alloc(0),
  });
  const shown = await browser.follow(start);
  const form = formFor(shown.answer.body.toString(), subject);
  const url = new URL(form.action, shown.url).href;
  const chosen = await browser({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(url).origin },
    body: Buffer.from(new URLSearchParams(form.fields).toString()),
  });
  await browser.follow(chosen);
  return browser.cookies(new URL(origin).host);
}

interface Page {
  readonly answer: Answer;
  readonly url: string;
}

/** Cookies and redirects, as far as a log-in needs them. */
function openBrowser() {
  const client = openClient(2);
  const jars = new Map<string, Map<string, string>>();
  const cookies = (host: string) => [...(jars.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  async function visit(call: Parameters<Client>[0]): Promise<Page> {
    const { host } = new URL(call.url);
    const answer = await client({ ...call, headers: { ...call.headers, cookie: cookies(host) } });
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return { answer, url: call.url };
  }
  async function follow(from: Page): Promise<Page> {
    let page = from;
    for (let hop = 0; hop < 12 && page.answer.headers.location !== undefined; hop++) {
      page = await visit({ method: 'GET', url: new URL(page.answer.headers.location, page.url).href });
    }
    if (page.answer.status !== 200) throw new Error(`the log-in ended at ${page.url} with ${page.answer.status}`);
    return page;
  }
  return Object.assign(visit, { follow, cookies });
}

/** The form whose button carries the subject. */
function formFor(page: string, subject: string): { action: string; fields: Record<string, string> } {
  for (const [, attributes = '', inside = ''] of page.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)) {
    if (!inside.includes(subject)) continue;
    const action = /action="([^"]*)"/.exec(attributes)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const fields: Record<string, string> = {};
    for (const [tag] of inside.matchAll(/<(?:input|button)[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(tag)?.[1];
      const value = /value="([^"]*)"/.exec(tag)?.[1];
      if (name === undefined || value === undefined || (tag.startsWith('<button') && value !== subject)) continue;
      fields[name] = value;
    }
    return { action, fields };
  }
  throw new Error(`the identity provider does not offer ${subject}`);
}
