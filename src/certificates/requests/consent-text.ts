import { fault } from '../../faults.ts';
import { type ConsentStatement, textDigest } from '../../records/consent.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { type Locale, locales } from '../../web/locale.ts';
import { t } from '../../web/text.ts';

/** Words of consent as somebody was shown them. */
export type ShownText = NonNullable<ConsentStatement['text']>;

/** The words beside the box, and their digest: a form sends it back, so that what is signed is what was read. */
export async function consentText(language: Locale): Promise<ShownText> {
  const shown = t(language, 'own-certificate.consent-text');
  return { language, shown, sha256: await textDigest(shown) };
}

/**
 * The words of this digest, as they are today; null for a program that shows words of its own.
 * Faults: certificate.consent-changed
 */
export async function findShownText(sha256: string | null): Promise<Result<ShownText | null>> {
  if (sha256 === null) return ok(null);
  const known = await Promise.all(locales.map(consentText));
  const found = known.find((one) => one.sha256 === sha256);
  return found === undefined ? refuse(fault('certificate.consent-changed')) : ok(found);
}
