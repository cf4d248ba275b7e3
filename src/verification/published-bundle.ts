import { readCrl } from '../crypto/x509/crl-reader.ts';
import { nameKey } from '../crypto/x509/names.ts';
import type { Gateway } from '../gateway.ts';
import type { PublishedBundle } from './trust-bundle.ts';

const maxListBytes = 1024 * 1024;
const maxAllBytes = 4 * 1024 * 1024;

/**
 * The bundle for `/verify` and `verify.html`. Lists of the authorities of persons stay here: they are given to notified
 * verifiers only (公的個人認証法 第17条), and nothing that a stranger verifies hangs under them. What is too large is left out,
 * and then answers "could not check".
 */
export async function publishedBundle({
  publishedTrust,
  trust,
}: Pick<Gateway, 'publishedTrust' | 'trust'>): Promise<PublishedBundle> {
  const persons = trust.person.map(({ certificate }) => nameKey(certificate.subject));
  const { list, pin } = publishedTrust;
  const lists = (await publishedTrust.readLists().catch(() => [])).filter((der) => isOfNobody(der, persons));
  const crls: string[] = [];
  let bytes = 0;
  for (const der of lists) {
    bytes += der.length;
    if (bytes > maxAllBytes) break;
    crls.push(Buffer.from(der).toString('base64'));
  }
  return { list, pin, crls };
}

/** A list that no authority of persons has issued. */
function isOfNobody(der: Uint8Array, persons: readonly string[]): boolean {
  try {
    return !persons.includes(nameKey(readCrl(der, maxListBytes).issuer));
  } catch {
    // A damaged list proves nothing to anybody.
    return false;
  }
}
