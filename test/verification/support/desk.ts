import { expect } from 'vitest';

/** The browser of a university that has no account here: pages and forms, without script. */
export interface Desk {
  /** Makes a request; gives what its QR code says. */
  ask(kind: string, groups: readonly string[]): Promise<string>;
  id(): string;
  page(): Promise<string>;
  state(): Promise<string>;
  /** Each verdict on the page with its reasons. */
  codes(): Promise<readonly string[]>;
  giveNumber(number: string, id?: string): Promise<number>;
  /** What the page says where a wallet has sent its owner. */
  numberOn(uri: string): Promise<string>;
  get(uri: string): Promise<Response>;
}

export function openDesk(origin: string): Desk {
  let cookie = '';
  let current = '';
  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { cookie, accept: 'text/html', origin, 'sec-fetch-site': 'same-origin' };
    const answer = await fetch(new URL(path, origin), { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) cookie = line.split(';')[0] ?? '';
    return answer;
  }
  const post = (path: string, fields: [string, string][]) =>
    send(path, { method: 'POST', body: new URLSearchParams(fields) });
  const page = async () => (await send(`/verify/wallet/${current}`)).text();
  return {
    async ask(kind, groups) {
      const made = await post('/verify/wallet', [
        ['kind', kind],
        ...groups.map((one): [string, string] => ['groups', one]),
      ]);
      expect(made.status).toBe(303);
      current = (made.headers.get('location') ?? '').split('/').at(-1) ?? '';
      const link = /href="(openid4vp:[^"]*)"/.exec(await page())?.[1];
      return (link ?? '').replaceAll('&amp;', '&');
    },
    id: () => current,
    page,
    state: async () => (await send(`/verify/wallet/${current}/state`)).text(),
    codes: async () => Array.from((await page()).matchAll(/class="verdict-code">([^<]*)</g), ([, text = '']) => text),
    giveNumber: async (number, id = current) =>
      (await post(`/verify/wallet/${id}/number`, [['number', number]])).status,
    async numberOn(uri) {
      const shown = await (await send(uri)).text();
      return /id="presentation-number">\s*(\d{6})\s*</.exec(shown)?.[1] ?? '';
    },
    get: (uri) => send(uri),
  };
}
