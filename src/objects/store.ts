/**
 * Where ciphertext and the public parts of the log lie. An attacker who controls the store can at most delete or withhold:
 * what it returns is authenticated by its reader, and it never sees a key or a plaintext.
 */
export interface ObjectStore {
  /**
   * Creates an object, never overwrites one (If-None-Match: *), and is durable when it resolves.
   * When `body` throws, nothing remains and the error is passed on.
   */
  put(key: string, body: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<'stored' | 'exists'>;
  /** The bytes `from`…`to` (inclusive, like HTTP ranges), or null when there is no such object. */
  get(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array> | null>;
  head(key: string): Promise<{ readonly bytes: number } | null>;
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>;
  /** Keys that begin with `prefix`, in ascending order of their bytes, those after `after` only. */
  list(prefix: string, after?: string): AsyncIterable<string>;
  /** Overwrites: only for the log's checkpoint, the one object that changes. */
  replace(key: string, bytes: Uint8Array): Promise<void>;
  /** Removes what interrupted puts older than `before` left behind. */
  sweep(before: Date): Promise<void>;
  /** Throws when the store does not keep its promises, e.g. ignores If-None-Match (F-10). Run once at start. */
  selfTest(): Promise<void>;
}

export interface PutOptions {
  /** Length of the body, when it is known beforehand. */
  readonly bytes?: number | undefined;
  /**
   * `at-once` allows an unfinished object to be seen, and to stay after a crash: only for a random key that is written
   * down as unfinished elsewhere. It spares a store of files two of three entries in folders. Default `when-complete`.
   */
  readonly visible?: 'when-complete' | 'at-once' | undefined;
}

export interface ByteRange {
  readonly from: number;
  readonly to?: number | undefined;
}

/** The store is broken or out of reach; never shown to people. */
export class ObjectStoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ObjectStoreError';
  }
}

const maxKeyLength = 512;
const keySegment = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/** Keys are made by the gateway, never by input; a key that could leave its folder is a bug and throws. */
export function checkObjectKey(key: string): void {
  if (key.length > maxKeyLength || !key.split('/').every((segment) => keySegment.test(segment))) {
    throw new ObjectStoreError('not an object key');
  }
}
