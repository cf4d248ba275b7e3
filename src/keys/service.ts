/** Names a root key inside a key service; carries no secret. */
export type KeyRef = string;

/**
 * Holds the root keys. Only organisation keys are wrapped by it, one per organisation and month; an attacker who controls
 * the database and the object store but not the key service reads nothing.
 */
export interface KeyService {
  generate(label: string): Promise<KeyRef>;
  /** Wraps a 32-byte key; it opens only under the same `context`. */
  wrap(ref: KeyRef, plaintext: Uint8Array, context: string): Promise<Uint8Array>;
  /** Throws `KeyRefused` when the key is unknown or destroyed, or when key or context do not fit (F-18). */
  unwrap(ref: KeyRef, wrapped: Uint8Array, context: string): Promise<Uint8Array>;
  /** Nothing that was wrapped by this key opens any more. */
  destroy(ref: KeyRef): Promise<void>;
  describe(): Promise<KeyServiceDescription>;
}

export interface KeyServiceDescription {
  readonly kind: string;
  readonly ready: boolean;
  /** True for a service that production refuses. */
  readonly development: boolean;
  /** The key that new wraps use; null while the service is not ready. */
  readonly root: KeyRef | null;
}

/** The key service is down: the caller refuses, stores nothing, and never falls back to plaintext (F-17). */
export class KeyServiceUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('the key service is not available', options);
    this.name = 'KeyServiceUnavailable';
  }
}

export type KeyRefusal = 'unknown-key' | 'wrong-key-or-context' | 'malformed';

/** The key service answered, but this wrap does not open. The reason says key, never "corrupt file" (F-18). */
export class KeyRefused extends Error {
  readonly reason: KeyRefusal;
  constructor(reason: KeyRefusal, options?: ErrorOptions) {
    super(`the key service refused: ${reason}`, options);
    this.name = 'KeyRefused';
    this.reason = reason;
  }
}
