import { createHmac, timingSafeEqual } from 'node:crypto';
import { after } from '../../identity/rules.ts';
import { randomToken } from '../../identity/secrets.ts';
import { ticketMinutes } from './rules.ts';
import type { ShareRow } from './store.ts';

type Key = Uint8Array;

/** 256 random bits: the link itself. It is stored nowhere. */
export function newShareSecret(): string {
  return randomToken();
}

/** What is stored of a link. */
export function secretKeyOf(indexKey: Key, secret: string): string {
  return keyed(indexKey, 'certificate-share', secret).toString('hex');
}

/** By which an address is recognised that has been given for the same share. */
export function addressKeyOf(indexKey: Key, shareId: string, address: string): string {
  return keyed(indexKey, 'certificate-watcher-address', shareId, address.toLowerCase()).toString('hex');
}

/**
 * What the mails to a viewer lead by. It is made from the id whenever a mail is written, so that it need not be kept; the
 * database alone gives nobody a way to it.
 */
export function watchLinkOf(indexKey: Key, watcherId: string): string {
  return keyed(indexKey, 'certificate-watcher', watcherId).toString('base64url');
}

/** For whoever has just opened a share: read on for half an hour, without the PIN, also where it opens only once. */
export function newTicket(indexKey: Key, share: Pick<ShareRow, 'id' | 'secretKey'>, at: Date): string {
  const until = String(after(at, { minutes: ticketMinutes }).getTime());
  return `${until}.${macOf(indexKey, share, until).toString('base64url')}`;
}

export function isTicket(
  indexKey: Key,
  share: Pick<ShareRow, 'id' | 'secretKey'>,
  { ticket, at }: { readonly ticket: string; readonly at: Date },
): boolean {
  const [, until = '', mac = ''] = /^(\d{13,15})\.([\w-]{43})$/.exec(ticket) ?? [];
  const given = Buffer.from(mac, 'base64url');
  const wanted = macOf(indexKey, share, until);
  return given.length === wanted.length && timingSafeEqual(given, wanted) && at.getTime() < Number(until);
}

function macOf(indexKey: Key, { id, secretKey }: Pick<ShareRow, 'id' | 'secretKey'>, until: string): Buffer {
  return keyed(indexKey, 'certificate-share-ticket', id, secretKey, until);
}

function keyed(indexKey: Key, purpose: string, ...parts: readonly string[]): Buffer {
  return createHmac('sha256', indexKey)
    .update([`hikitsugi/${purpose}/v1`, ...parts].join('\0'))
    .digest();
}
