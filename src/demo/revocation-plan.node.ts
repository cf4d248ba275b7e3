import { join } from 'node:path';
import { writeWhole } from './identity-file.node.ts';
import type { OcspServer } from './ocsp.node.ts';

/**
 * Writes what REVOCATION_FILE names: of the next two generations the lists and the responder are both asked. Under the next card
 * whoever cannot be checked may still look, so that the demonstration has both rules.
 */
export async function writeRevocationPlan(folder: string, ocsp: OcspServer): Promise<string> {
  const path = join(folder, 'revocation.json');
  const asked = (name: string, whenNotChecked: 'refuse' | 'limit') => ({
    sources: ['crl', 'ocsp'],
    ocsp: { url: ocsp.addressOf(name) },
    whenNotChecked,
  });
  const plan = {
    'jpki-authentication-2': asked('jpki-authentication-2', 'refuse'),
    'jpki-authentication-3': asked('jpki-authentication-3', 'limit'),
  };
  await writeWhole(path, `${JSON.stringify(plan, null, 2)}\n`);
  return path;
}
