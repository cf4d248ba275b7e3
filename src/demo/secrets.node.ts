import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { readOrNull, writePrivately } from './identity-file.node.ts';

const secretsFile = z.strictObject({ clientSecret: z.string(), personIndexKey: z.string() });
export type DemoSecrets = Readonly<z.infer<typeof secretsFile>>;

/** Random values of this world, made at its first start. */
export async function keepSecrets(folder: string): Promise<DemoSecrets> {
  const path = join(folder, 'secrets.json');
  const stored = await readOrNull(path);
  if (stored !== null) return secretsFile.parse(JSON.parse(stored));
  const made: DemoSecrets = {
    clientSecret: randomBytes(32).toString('base64url'),
    personIndexKey: randomBytes(32).toString('base64'),
  };
  await writePrivately(path, `${JSON.stringify(made, null, 2)}\n`);
  return made;
}
