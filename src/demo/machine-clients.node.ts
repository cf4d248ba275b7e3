import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { type MachineScope, machineScopes } from '../policy/actor.ts';
import { readOrNull, writePrivately } from './identity-file.node.ts';
import { type DemoSchoolKey, demoOrganisations, demoSchoolKeys } from './schools.ts';

/** A school-affairs system (校務支援システム) of the demonstration, with its private key in a file of its own. */
export interface DemoMachineClient {
  readonly clientId: string;
  readonly school: DemoSchoolKey;
  readonly schoolCode: string;
  readonly name: string;
  readonly vendor: string;
  readonly scopes: readonly MachineScope[];
  /** A private JWK (P-256, ES256), mode 0600, for private_key_jwt. */
  readonly keyFile: string;
  readonly publicJwk: PublicEcJwk;
}

interface PublicEcJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
}

/** One client per school, made at the first start. */
export async function openMachineClients(folder: string): Promise<readonly DemoMachineClient[]> {
  return Promise.all(
    demoSchoolKeys.map(async (school) => {
      const { code, name } = demoOrganisations[school];
      const clientId = `school-affairs-${code}`;
      const keyFile = join(folder, `${clientId}.jwk.json`);
      return {
        clientId,
        school,
        schoolCode: code,
        name: `${name} 校務支援システム`,
        vendor: 'みほん校務システム株式会社',
        scopes: machineScopes,
        keyFile,
        publicJwk: await keepKey(keyFile, clientId),
      };
    }),
  );
}

async function keepKey(path: string, kid: string): Promise<PublicEcJwk> {
  const stored = await readOrNull(path);
  if (stored !== null) {
    // Sound: written below in this shape, into a file that only its owner may change.
    const { x, y } = JSON.parse(stored) as { readonly x: string; readonly y: string };
    return publicPart({ x, y, kid });
  }
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  await writePrivately(path, `${JSON.stringify({ ...jwk, kid, alg: 'ES256', use: 'sig' }, null, 2)}\n`);
  return publicPart({ x: jwk.x ?? '', y: jwk.y ?? '', kid });
}

function publicPart(key: { x: string; y: string; kid: string }): PublicEcJwk {
  return { kty: 'EC', crv: 'P-256', ...key, alg: 'ES256', use: 'sig' };
}
