import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { usageError } from './cli-error.ts';

const schema = z.strictObject({
  version: z.literal('hikitsugi-profile/1'),
  /** Of the gateway, e.g. `https://hikitsugi.example`. */
  origin: z.url(),
  clientId: z.string().min(1).max(200),
  /** Absolute path; the key itself stays in its one place. */
  keyFile: z.string().min(1),
});

/** Which gateway this machine talks to, and as whom. */
export type Profile = Omit<z.output<typeof schema>, 'version'>;

/** `--profile` is a path, or a name of a file in the configuration folder. */
export function profilePath(
  asked: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const named = asked ?? environment['HIKITSUGI_PROFILE'] ?? 'profile';
  if (named.includes('/') || named.endsWith('.json')) return resolve(named);
  const folder = environment['XDG_CONFIG_HOME'] || join(environment['HOME'] || homedir(), '.config');
  return join(folder, 'hikitsugi', `${named}.json`);
}

export async function readProfile(path: string): Promise<Profile> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) throw usageError('profile.missing', { path });
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) throw usageError('profile.malformed', { path });
  const { origin, clientId, keyFile } = parsed.data;
  return { origin, clientId, keyFile };
}

/** Readable by its owner only, and never half written. */
export async function writeProfile(path: string, profile: Profile): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.${process.pid}.part`;
  const text = `${JSON.stringify({ version: 'hikitsugi-profile/1', ...profile }, null, 2)}\n`;
  await writeFile(part, text, { mode: 0o600, flag: 'wx' });
  await rename(part, path);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
