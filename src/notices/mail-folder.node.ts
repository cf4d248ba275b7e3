import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mail, Mailer } from './mailer.ts';

/** A mailer that writes each mail as an RFC 5322 file into a folder: for demonstration and tests, or to be collected. */
export function openMailFolder(folder: string): Mailer {
  return {
    send: async (mail) => {
      if (!/^[A-Za-z0-9-]+$/.test(mail.id)) throw new RangeError('the id of a mail names its file');
      await mkdir(folder, { recursive: true });
      const unfinished = join(folder, `.${mail.id}.part`);
      await writeFile(unfinished, formatMail(mail, new Date()));
      // Whoever collects the folder never sees half a mail; the same mail twice is one file.
      await rename(unfinished, join(folder, `${mail.id}.eml`));
    },
  };
}

function formatMail(mail: Mail, at: Date): string {
  if (/[\r\n]/.test(mail.to) || /[\r\n]/.test(mail.subject)) throw new RangeError('a header has one line');
  return [
    'From: hikitsugi@localhost',
    `To: ${mail.to}`,
    `Subject: ${encodeWords(mail.subject)}`,
    `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${mail.id}@hikitsugi>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    'Auto-Submitted: auto-generated',
    '',
    ...(Buffer.from(mail.text)
      .toString('base64')
      .match(/.{1,76}/g) ?? []),
    '',
  ].join('\r\n');
}

/** RFC 2047 §2: lines of at most 76 characters, no encoded word splitting a character. */
function encodeWords(text: string): string {
  const pieces: string[] = [''];
  for (const character of text) {
    const last = pieces.length - 1;
    const piece = pieces[last] ?? '';
    if (Buffer.byteLength(piece + character) > 36) pieces.push(character);
    else pieces[last] = piece + character;
  }
  return pieces.map((piece) => `=?UTF-8?B?${Buffer.from(piece).toString('base64')}?=`).join('\r\n ');
}
