import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashLeaf, hashNode } from '../../src/audit/hash.ts';
import {
  appendLeaves,
  type CompactRange,
  emptyRange,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../../src/audit/merkle.ts';
import { consistencyProof, inclusionProof, type ReadSubtree } from '../../src/audit/merkle-proof.ts';
import { newTiles, subtreesFromTiles, type Tile, tilePath, tileWidthIn } from '../../src/audit/tiles.ts';

describe('the Merkle tree', () => {
  it('has the root that RFC 9162 §2.1.1 defines, for every size to 300', () => {
    const leaves = leavesOf(300);
    let range = emptyRange;
    for (let size = 1; size <= leaves.length; size++) {
      range = appendLeaves(range, leaves.slice(size - 1, size));
      expect(rootOf(range)).toEqual(definedRoot(leaves.slice(0, size)));
    }
  });

  it('gives the same range however the leaves are cut into rounds', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 }), (rounds) => {
        const leaves = leavesOf(rounds.reduce((sum, round) => sum + round, 0));
        let range: CompactRange = emptyRange;
        let at = 0;
        for (const round of rounds) range = appendLeaves(range, leaves.slice(at, (at += round)));
        expect(range).toEqual(appendLeaves(emptyRange, leaves));
      }),
    );
  });

  it('proves every leaf of every size to 70', async () => {
    for (let size = 1; size <= 70; size++) {
      const tree = treeOf(size);
      for (let index = 0n; index < size; index++) {
        const proof = await inclusionProof(index, BigInt(size), tree.read);
        const leafHash = tree.leaves[Number(index)] ?? new Uint8Array();
        expect(verifyInclusion({ index, size: BigInt(size), leafHash, proof, root: tree.root })).toBe(true);
      }
    }
  });

  it('proves that every smaller tree to 70 is a prefix', async () => {
    for (let size2 = 1; size2 <= 70; size2++) {
      const tree = treeOf(size2);
      for (let size1 = 1; size1 <= size2; size1++) {
        const proof = await consistencyProof(BigInt(size1), BigInt(size2), tree.read);
        const root1 = definedRoot(tree.leaves.slice(0, size1));
        const claim = { size1: BigInt(size1), size2: BigInt(size2), root1, root2: tree.root, proof };
        expect(verifyConsistency(claim)).toBe(true);
        const other = { ...claim, root1: hashLeaf(root1) };
        expect(verifyConsistency(other)).toBe(false);
      }
    }
  });

  it('refuses a proof in which any one bit is flipped', async () => {
    const tree = treeOf(77);
    await fc.assert(
      fc.asyncProperty(fc.bigInt(0n, 76n), fc.nat(), fc.nat({ max: 255 }), async (index, which, bit) => {
        const proof = await inclusionProof(index, 77n, tree.read);
        const at = which % proof.length;
        const spoilt = proof.map((hash, nth) => (nth === at ? flipBit(hash, bit) : hash));
        const leafHash = tree.leaves[Number(index)] ?? new Uint8Array();
        expect(verifyInclusion({ index, size: 77n, leafHash, proof: spoilt, root: tree.root })).toBe(false);
      }),
    );
  });
});

describe('tiles', () => {
  it('names tile 1234067 as C2SP tlog-tiles says', () => {
    expect(tilePath({ level: 0, index: 1234067n, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 'entries', index: 5n, width: 12 })).toBe('tile/entries/005.p/12');
  });

  it('cuts a tree of 70,000 as the example of C2SP tlog-tiles does', () => {
    const tiles = newTiles(0n, 70_000n);
    const count = (level: Tile['level'], full: boolean) =>
      tiles.filter((tile) => tile.level === level && (tile.width === 256) === full).map((tile) => tile.width);
    expect(count(0, true)).toHaveLength(273);
    expect(count(0, false)).toEqual([112]);
    expect(count(1, true)).toHaveLength(1);
    expect(count(1, false)).toEqual([17]);
    expect(count(2, false)).toEqual([1]);
    expect(newTiles(0n, 256n).map(tilePath)).toEqual(['tile/0/000', 'tile/entries/000', 'tile/1/000.p/1']);
  });

  it('writes, round by round, every tile that the final tree needs', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(1n, 70_000n), { minLength: 1, maxLength: 5 }), (rounds) => {
        const written = new Set<string>();
        let size = 0n;
        for (const round of rounds) {
          for (const tile of newTiles(size, size + round)) written.add(tilePath(tile));
          size += round;
        }
        for (const tile of newTiles(0n, size)) expect(written).toContain(tilePath(tile));
      }),
      { numRuns: 30 },
    );
  });

  it('holds the whole tree: proofs made from tiles alone verify', async () => {
    const size = 66_000;
    const tree = treeOf(size);
    const read = subtreesFromTiles(BigInt(size), async (tile) => tileOf(tree, tile));
    for (const index of [0n, 1n, 255n, 256n, 65_535n, 65_536n, 65_999n]) {
      const proof = await inclusionProof(index, BigInt(size), read);
      const leafHash = tree.leaves[Number(index)] ?? new Uint8Array();
      expect(verifyInclusion({ index, size: BigInt(size), leafHash, proof, root: tree.root })).toBe(true);
    }
    const root1 = definedRoot(tree.leaves.slice(0, 65_537));
    const proof = await consistencyProof(65_537n, BigInt(size), read);
    const claim = { size1: 65_537n, size2: BigInt(size), root1, root2: tree.root, proof };
    expect(verifyConsistency(claim)).toBe(true);
  });
});

interface Tree {
  readonly leaves: readonly Uint8Array[];
  readonly root: Uint8Array;
  readonly read: ReadSubtree;
}

function leavesOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, at) => hashLeaf(new TextEncoder().encode(`leaf ${at}`)));
}

function treeOf(size: number): Tree {
  const leaves = leavesOf(size);
  const nodes = new Map<string, Uint8Array>();
  const range = appendLeaves(emptyRange, leaves, (height, index, hash) => nodes.set(`${height}/${index}`, hash));
  const read: ReadSubtree = async (height, index) => nodes.get(`${height}/${index}`) ?? new Uint8Array();
  return { leaves, root: rootOf(range), read };
}

async function tileOf(tree: Tree, { level, index, width }: Tile): Promise<Uint8Array> {
  if (level === 'entries' || width !== tileWidthIn(level, index, BigInt(tree.leaves.length)))
    throw new Error('no tile');
  const hashes = Array.from({ length: width }, (_, at) => tree.read(8 * level, index * 256n + BigInt(at)));
  return new Uint8Array(Buffer.concat(await Promise.all(hashes)));
}

/** The definition itself: the largest power of two below n splits the tree. */
function definedRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only, ...others] = leaves;
  if (only === undefined) throw new Error('the empty tree is not asked for here');
  if (others.length === 0) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hashNode(definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)));
}

function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}
