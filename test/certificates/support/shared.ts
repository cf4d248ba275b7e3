import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { HostileWorld } from '../../hostile/support/world.ts';

/** What a viewer's browser gets; without a cookie and without a word of whence it comes. */
export interface Viewed {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly ticket: string;
}

export async function viewAt(
  url: string,
  form?: Readonly<Record<string, string>>,
  more: RequestInit = {},
): Promise<Viewed> {
  const body = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
  const answer = await fetch(url, { headers: { 'accept-language': 'en' }, ...body, ...more });
  const html = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    html,
    ticket: /name="ticket" value="([^"]+)"/.exec(html)?.[1] ?? '',
  };
}

/** The page, as far as it is the same for two links. */
export function faceOf({ status, html }: Viewed, url: string): string {
  const secret = new URL(url).pathname.slice('/s/'.length);
  const neutral = html
    .replaceAll(secret, 'SECRET')
    .replace(/nonce="[^"]+"/g, 'nonce')
    .replace(/Printed at: [^<]*/g, 'Printed at');
  return `${status} ${neutral}`;
}

/** Mails to this address that say this, oldest first, once there are as many. */
export async function mailsTo(
  world: HostileWorld,
  of: { readonly address: string; readonly saying: string; readonly count: number },
): Promise<readonly string[]> {
  const folder = world.demo.environment['MAIL_DIRECTORY'] ?? '';
  return vi.waitFor(
    async () => {
      const names = (await readdir(folder)).toSorted();
      const mails = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
      const texts = mails
        .filter((mail) => mail.includes(`To: ${of.address}`))
        .map((mail) => Buffer.from(mail.split('\r\n\r\n')[1] ?? '', 'base64').toString())
        .filter((text) => text.includes(of.saying));
      expect(texts.length).toBe(of.count);
      return texts;
    },
    { timeout: 20_000, interval: 200 },
  );
}
