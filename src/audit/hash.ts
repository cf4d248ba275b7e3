import { createHash } from 'node:crypto';

// Synchronous on purpose: a round of the sequencer hashes thousands of tiny inputs, where a promise per hash would cost
// more than the hash. Everything of the log hashes here, so that a browser build has one file to replace.

/** SHA-256 over the parts as if they were one. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** RFC 9162 §2.1.1: the leaf hash, SHA-256(0x00 ‖ entry). */
export function hashLeaf(entry: Uint8Array): Uint8Array {
  return sha256(leafPrefix, entry);
}

/** RFC 9162 §2.1.1: an inner node, SHA-256(0x01 ‖ left ‖ right). */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(nodePrefix, left, right);
}

/** RFC 9162 §2.1.1: the root of the empty tree, SHA-256 of nothing. */
export function emptyRoot(): Uint8Array {
  return sha256();
}

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);
