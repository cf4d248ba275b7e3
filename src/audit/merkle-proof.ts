import { hashNode } from './hash.ts';

/** The root of the perfect subtree of 2^height leaves that begins at leaf index · 2^height. */
export type ReadSubtree = (height: number, index: bigint) => Promise<Uint8Array>;

/** RFC 9162 §2.1.3.1: PATH(index, D_size), from the leaf's sibling upwards. */
export async function inclusionProof(index: bigint, size: bigint, read: ReadSubtree): Promise<Uint8Array[]> {
  if (index < 0n || index >= size) throw new RangeError('the index lies outside the tree');
  const proof: Uint8Array[] = [];
  let [from, to] = [0n, size];
  while (to - from > 1n) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      proof.push(await rangeHash(middle, to, read));
      to = middle;
    } else {
      proof.push(await rangeHash(from, middle, read));
      from = middle;
    }
  }
  return proof.toReversed();
}

/** RFC 9162 §2.1.4.1: PROOF(size1, D_size2) for 0 < size1 ≤ size2. */
export async function consistencyProof(size1: bigint, size2: bigint, read: ReadSubtree): Promise<Uint8Array[]> {
  if (size1 <= 0n || size1 > size2) throw new RangeError('no consistency proof between these sizes');
  const proof: Uint8Array[] = [];
  let [from, to] = [0n, size2];
  while (to !== size1) {
    const middle = from + splitOf(to - from);
    if (size1 <= middle) {
      proof.push(await rangeHash(middle, to, read));
      to = middle;
    } else {
      proof.push(await rangeHash(from, middle, read));
      from = middle;
    }
  }
  // RFC 9162 §2.1.4.1, SUBPROOF(m, D_m, b): the old root itself is left out, a subtree of it is needed.
  if (from !== 0n) proof.push(await rangeHash(from, to, read));
  return proof.toReversed();
}

async function rangeHash(from: bigint, to: bigint, read: ReadSubtree): Promise<Uint8Array> {
  const size = to - from;
  const split = splitOf(size);
  if (split * 2n === size || size === 1n) return read(log2(size), from / size);
  return hashNode(await rangeHash(from, from + split, read), await rangeHash(from + split, to, read));
}

/** The largest power of two smaller than `size` (RFC 9162 §2.1.1: k < n ≤ 2k); 0 for a single leaf. */
function splitOf(size: bigint): bigint {
  return size <= 1n ? 0n : 1n << BigInt(log2(size - 1n));
}

function log2(n: bigint): number {
  return n.toString(2).length - 1;
}
