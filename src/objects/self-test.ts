import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { type ObjectStore, ObjectStoreError } from './store.ts';

const racers = 4;

/**
 * Proves at start that the store creates without overwriting, also in a race, and gives back what it was given (F-10).
 * A store that ignores If-None-Match would let one school's bytes replace another's.
 */
export async function selfTestStore(store: ObjectStore): Promise<void> {
  const key = `self-test/${randomBytes(16).toString('hex')}`;
  try {
    const first = randomBytes(100);
    const raced = await Promise.all(Array.from({ length: racers }, () => store.put(key, single(first))));
    const again = await store.put(key, single(randomBytes(100)));
    if (raced.filter((outcome) => outcome === 'stored').length !== 1 || again !== 'exists') {
      throw new ObjectStoreError('the object store ignores If-None-Match: it may overwrite objects, so it is refused');
    }
    if ((await store.head(key))?.bytes !== first.length || !first.equals(await readAll(store, key))) {
      throw new ObjectStoreError('the object store does not give back what it was given');
    }
  } finally {
    await store.delete(key);
  }
  if ((await store.head(key)) !== null) throw new ObjectStoreError('the object store does not delete');
}

async function readAll(store: ObjectStore, key: string): Promise<Uint8Array> {
  const body = await store.get(key);
  const pieces: Uint8Array[] = [];
  if (body !== null) for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
