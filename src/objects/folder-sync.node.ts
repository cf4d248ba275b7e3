import { close, fsync, open } from 'node:fs';
import { promisify } from 'node:util';

/** Makes the names in a folder durable. Callers that come while one fsync runs share the next one. */
export interface FolderSync {
  sync(folder: string): Promise<void>;
}

interface FolderState {
  readonly descriptor: Promise<number>;
  running: Promise<void> | null;
  next: Promise<void> | null;
}

const openFile = promisify(open);
const closeFile = promisify(close);
const syncFile = promisify(fsync);

const maxOpenFolders = 512;

export function createFolderSync(): FolderSync {
  const folders = new Map<string, FolderState>();
  return {
    async sync(folder) {
      let state = folders.get(folder);
      if (state === undefined) {
        forgetIdle(folders);
        state = { descriptor: openFile(folder, 'r'), running: null, next: null };
        folders.set(folder, state);
        state.descriptor.catch(() => folders.delete(folder));
      }
      await joinSync(state);
    },
  };
}

/** A running fsync may have begun before the caller's name was written, so it waits for the one after. */
async function joinSync(state: FolderState): Promise<void> {
  if (state.next !== null) return state.next;
  if (state.running === null) return startSync(state);
  state.next = state.running.then(
    () => startSync(state),
    () => startSync(state),
  );
  return state.next;
}

function startSync(state: FolderState): Promise<void> {
  state.next = null;
  const running = state.descriptor.then(syncFile).finally(() => {
    if (state.running === running) state.running = null;
  });
  state.running = running;
  return running;
}

function forgetIdle(folders: Map<string, FolderState>): void {
  if (folders.size < maxOpenFolders) return;
  for (const [folder, state] of folders) {
    if (state.running !== null || state.next !== null) continue;
    folders.delete(folder);
    state.descriptor.then(closeFile).catch(() => undefined);
    if (folders.size < maxOpenFolders / 2) return;
  }
}
