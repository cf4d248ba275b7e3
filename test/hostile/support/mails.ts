import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostileWorld } from './world.ts';

/** What the running gateway has sent so far. */
export async function mailsOf({
  demo,
}: HostileWorld): Promise<readonly { readonly to: string; readonly text: string }[]> {
  const folder = demo.environment['MAIL_DIRECTORY'] ?? '';
  const names = await readdir(folder);
  const mails = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
  return mails.map((mail) => ({
    to: /^To: (.*)$/m.exec(mail)?.[1]?.trim() ?? '',
    text: Buffer.from(mail.split('\r\n\r\n')[1] ?? '', 'base64').toString('utf8'),
  }));
}
