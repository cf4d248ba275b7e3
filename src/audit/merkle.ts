import { equalBytes } from './bytes.ts';
import { emptyRoot, hashNode } from './hash.ts';

/** What has to be known of a tree to let it grow: the roots of its perfect subtrees, the largest first. */
export interface CompactRange {
  readonly size: bigint;
  readonly hashes: readonly Uint8Array[];
}

export interface InclusionClaim {
  readonly index: bigint;
  readonly size: bigint;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

export interface ConsistencyClaim {
  readonly size1: bigint;
  readonly size2: bigint;
  readonly root1: Uint8Array;
  readonly root2: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Called for each perfect subtree that becomes complete: 2^height leaves beginning at index · 2^height. */
export type OnSubtree = (height: number, index: bigint, hash: Uint8Array) => void;

/** RFC 9162 §2.1.3.2. */
export function verifyInclusion({ index, size, leafHash, proof, root }: InclusionClaim): boolean {
  if (index < 0n || index >= size || !isHash(leafHash) || !isHash(root) || !proof.every(isHash)) return false;
  let fn = index;
  let sn = size - 1n;
  let hash = leafHash;
  for (const sibling of proof) {
    if (sn === 0n) return false;
    if (isOdd(fn) || fn === sn) {
      hash = hashNode(sibling, hash);
      while (!isOdd(fn) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      hash = hashNode(hash, sibling);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && equalBytes(hash, root);
}

/** RFC 9162 §2.1.4.2. A first tree of size 0 proves nothing and is refused, but for two empty trees. */
export function verifyConsistency({ size1, size2, root1, root2, proof }: ConsistencyClaim): boolean {
  if (size1 < 0n || size1 > size2) return false;
  if (size1 === size2) {
    // The root of the empty tree is known, so two equal but wrong roots are refused.
    if (size1 === 0n && !equalBytes(root1, emptyRoot())) return false;
    return proof.length === 0 && equalBytes(root1, root2);
  }
  if (size1 === 0n || proof.length === 0 || ![root1, root2, ...proof].every(isHash)) return false;
  const path = isPowerOfTwo(size1) ? [root1, ...proof] : proof;
  return consistentAlong(path, { size1, size2, root1, root2 });
}

export const emptyRange: CompactRange = { size: 0n, hashes: [] };

/** The range after these leaf hashes; neither argument is changed. */
export function appendLeaves(
  range: CompactRange,
  leafHashes: Iterable<Uint8Array>,
  onSubtree?: OnSubtree,
): CompactRange {
  const hashes = [...range.hashes];
  let size = range.size;
  for (const leafHash of leafHashes) {
    let hash = leafHash;
    let [height, index] = [0, size];
    onSubtree?.(height, index, hash);
    while (isOdd(index)) {
      const left = hashes.pop();
      if (left === undefined) throw new Error('a compact range holds fewer hashes than its size says');
      hash = hashNode(left, hash);
      [height, index] = [height + 1, index >> 1n];
      onSubtree?.(height, index, hash);
    }
    hashes.push(hash);
    size += 1n;
  }
  return { size, hashes };
}

export function rootOf(range: CompactRange): Uint8Array {
  const [last, ...rest] = range.hashes.toReversed();
  return last === undefined ? emptyRoot() : rest.reduce((right, left) => hashNode(left, right), last);
}

export function isHash(bytes: Uint8Array): boolean {
  return bytes.length === 32;
}

function consistentAlong(path: readonly Uint8Array[], claim: Omit<ConsistencyClaim, 'proof'>): boolean {
  let fn = claim.size1 - 1n;
  let sn = claim.size2 - 1n;
  while (isOdd(fn)) [fn, sn] = [fn >> 1n, sn >> 1n];
  const [first, ...rest] = path;
  if (first === undefined) return false;
  let [hash1, hash2] = [first, first];
  for (const sibling of rest) {
    if (sn === 0n) return false;
    if (isOdd(fn) || fn === sn) {
      hash1 = hashNode(sibling, hash1);
      hash2 = hashNode(sibling, hash2);
      while (!isOdd(fn) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      hash2 = hashNode(hash2, sibling);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && equalBytes(hash1, claim.root1) && equalBytes(hash2, claim.root2);
}

function isOdd(n: bigint): boolean {
  return (n & 1n) === 1n;
}

function isPowerOfTwo(n: bigint): boolean {
  return n > 0n && (n & (n - 1n)) === 0n;
}
