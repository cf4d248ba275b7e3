import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mailStaffHandler } from '../../../src/administration/mail-staff.ts';
import { accessNumberHandler, accessNumberJob } from '../../../src/identity/access-codes/send-access-number.ts';
import { tellGuardiansJob } from '../../../src/identity/guardians/notify-guardians.ts';
import { findGuardianContact, tellGuardiansHandler } from '../../../src/identity/guardians/tell-guardians.ts';
import { tellKeepersHandler, tellKeepersJob } from '../../../src/identity/log-ins/tell-keepers.ts';
import { drain } from '../../../src/notices/drain.ts';
import { type GuardianMail, guardianMailHandler, guardianMailJob } from '../../../src/notices/guardian-mail.ts';
import { openMailFolder } from '../../../src/notices/mail-folder.node.ts';
import type { Mail } from '../../../src/notices/mailer.ts';
import { staffMailJob } from '../../../src/notices/staff-mail.ts';
import { origin, type World } from './world.ts';

export interface Letter {
  readonly to: string;
  readonly text: string;
}

export interface LetterBox {
  /** Does the jobs that wait, with the handlers of the gateway, and gives the mails that came of it. */
  collect(): Promise<readonly Letter[]>;
  close(): Promise<void>;
}

/** The mail folder of the gateway, read as whoever collects it does. */
export async function openLetterBox(world: World): Promise<LetterBox> {
  const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-mail-'));
  const mailer = openMailFolder(folder);
  const contactOf = (mail: GuardianMail) => findGuardianContact(world.database, mail);
  const handlers = {
    [accessNumberJob]: accessNumberHandler(world.services, mailer),
    [tellGuardiansJob]: tellGuardiansHandler(world.services),
    [tellKeepersJob]: tellKeepersHandler(world.services),
    [staffMailJob]: mailStaffHandler({ ...world, identity: world.services }, mailer),
    [guardianMailJob]: guardianMailHandler({
      mailer,
      contactOf,
      urlOf: (request) => `${origin}${request === null ? '/links' : `/own-certificates/${request}`}`,
    }),
  };
  const read = new Set<string>();
  return {
    collect: async () => {
      while ((await drain(world.database, handlers)).done > 0);
      const names = (await readdir(folder)).filter((name) => name.endsWith('.eml') && !read.has(name));
      for (const name of names) read.add(name);
      return Promise.all(names.map(async (name) => letterOf(await readFile(join(folder, name), 'utf8'))));
    },
    close: () => rm(folder, { recursive: true }),
  };
}

/** What the outbox does on its own in a running gateway, for guardians alone; gives the mails as they were handed over. */
export async function tellGuardians(world: World): Promise<readonly Mail[]> {
  const mails: Mail[] = [];
  const handlers = {
    [tellGuardiansJob]: tellGuardiansHandler(world.services),
    [guardianMailJob]: guardianMailHandler({
      mailer: { send: async (mail) => void mails.push(mail) },
      contactOf: (mail) => findGuardianContact(world.database, mail),
      urlOf: (request) => `${origin}${request === null ? '/links' : `/own-certificates/${request}`}`,
    }),
  };
  while ((await drain(world.database, handlers)).done > 0) continue;
  return mails;
}

/** The number in a mail; empty when it has none. */
export function numberIn(letter: Letter | undefined): string {
  return /確認番号: (\d{6})/.exec(letter?.text ?? '')?.[1] ?? '';
}

function letterOf(mail: string): Letter {
  const [head = '', body = ''] = mail.split('\r\n\r\n');
  return { to: /^To: (.*)$/m.exec(head)?.[1]?.trim() ?? '', text: Buffer.from(body, 'base64').toString('utf8') };
}
