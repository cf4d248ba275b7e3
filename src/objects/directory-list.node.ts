import { opendir } from 'node:fs/promises';
import path from 'node:path';

/** Keys in ascending order of their bytes, as S3 lists them; folders that cannot hold a wanted key are not read. */
export async function* listDirectory(
  root: string,
  prefix: string,
  after = '',
): AsyncGenerator<string, void, undefined> {
  yield* listFolder(root, '', { prefix, after });
}

interface Wanted {
  readonly prefix: string;
  readonly after: string;
}

async function* listFolder(root: string, at: string, wanted: Wanted): AsyncGenerator<string, void, undefined> {
  for (const name of await namesIn(path.join(root, at))) {
    const key = at + name;
    if (key.endsWith('/')) {
      const mayHold = key.startsWith(wanted.prefix) || wanted.prefix.startsWith(key);
      if (mayHold && (key > wanted.after || wanted.after.startsWith(key))) yield* listFolder(root, key, wanted);
    } else if (key.startsWith(wanted.prefix) && key > wanted.after) {
      yield key;
    }
  }
}

/** A folder sorts as its name with a slash: so the order is that of the whole keys, not of the names. */
async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of await opendir(folder)) {
    if (!entry.name.startsWith('.')) names.push(entry.isDirectory() ? `${entry.name}/` : entry.name);
  }
  return names.sort();
}
