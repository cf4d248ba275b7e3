import { z } from 'zod';
import type { KnownTrustList } from '../../crypto/trust-list.ts';

const shape = z.strictObject({ serial: z.int().nonnegative(), issuedAt: z.iso.datetime() });

/** The newest list of a signer that this browser has seen; a browser that keeps nothing knows none. */
export function knownList(pin: string): KnownTrustList | undefined {
  try {
    const { serial, issuedAt } = shape.parse(JSON.parse(localStorage.getItem(nameOf(pin)) ?? 'null'));
    return { serial, issuedAt: new Date(issuedAt) };
  } catch {
    return undefined;
  }
}

export function rememberList(pin: string, { serial, issuedAt }: KnownTrustList): void {
  try {
    localStorage.setItem(nameOf(pin), JSON.stringify({ serial, issuedAt: issuedAt.toISOString() }));
  } catch {
    // Storage that is full or switched off: rollback is then noticed against the list in the page alone.
  }
}

function nameOf(pin: string): string {
  return `hikitsugi-trust:${pin.trim()}`;
}
