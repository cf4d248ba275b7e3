import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Whole or as before, after a power cut too: written beside, to the disk, renamed, and the folder to the disk as well. */
export async function replaceDurably(path: string, text: string): Promise<void> {
  const part = `${path}.part`;
  const file = await open(part, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Takes a file for this process alone; null while another has it. The lock of a process that is no more counts for nothing. */
export async function lockFile(path: string): Promise<(() => Promise<void>) | null> {
  const lock = `${path}.lock`;
  const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
  if (holder > 0 && holder !== process.pid && !isAlive(holder)) await rm(lock, { force: true });
  const file = await open(lock, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return null;
    throw error;
  });
  if (file === null) return null;
  await file.writeFile(String(process.pid));
  await file.close();
  return () => rm(lock, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
