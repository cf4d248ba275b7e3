import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LogFile } from './export-log.ts';
import type { LogReader } from './verify-log.ts';

/** Writes an exported log as a folder that any server of static files could serve. */
export async function writeLogFolder(folder: string, files: AsyncIterable<LogFile>): Promise<void> {
  for await (const { path, bytes } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
}

export function openLogFolder(folder: string): LogReader {
  return async (path) => {
    try {
      return new Uint8Array(await readFile(join(folder, path)));
    } catch (reason) {
      if (reason instanceof Error && 'code' in reason && reason.code === 'ENOENT') return null;
      throw reason;
    }
  };
}
