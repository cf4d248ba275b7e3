import fc from 'fast-check';
import { tlv } from './der-writer.ts';

/** A DER value taken apart, so that it can be put together wrongly with its lengths right. */
interface Node {
  readonly tag: number;
  readonly children: readonly Node[] | null;
  readonly content: Uint8Array;
}

/** Bytes that are almost the original: flipped, cut, filled in, and pieces exchanged with other objects under correct lengths. */
export function mutantsOf(corpus: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const trees = corpus.map(treeOf);
  const pieces = trees.flatMap(allOf);
  const original = fc.constantFrom(...corpus);
  const structured = fc
    .tuple(fc.constantFrom(...trees), fc.array(editFrom(pieces), { minLength: 1, maxLength: 3 }))
    .map(([tree, edits]) => encode(edits.reduce(edited, tree)));
  return fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.tuple(original, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })).map(overwritten),
    fc.tuple(original, fc.nat(), fc.nat(40)).map(([bytes, at, count]) => without(bytes, at % bytes.length, count)),
    fc
      .tuple(original, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 20 }))
      .map(([bytes, at, more]) => inserted(bytes, at % bytes.length, more)),
    { weight: 4, arbitrary: structured },
  );
}

interface Edit {
  readonly at: number;
  readonly change: (node: Node) => readonly Node[];
}

function editFrom(pieces: readonly Node[]): fc.Arbitrary<Edit> {
  const piece = fc.constantFrom(...pieces);
  const leaf = (tag: number, content: Uint8Array): Node => ({ tag, children: null, content });
  const change: fc.Arbitrary<Edit['change']> = fc.oneof(
    fc.constant(() => []),
    fc.constant((node: Node) => [node, node]),
    piece.map((other) => () => [other]),
    piece.map((other) => (node: Node) => [other, node]),
    piece.map((other) => (node: Node) => [node, other]),
    fc.nat(255).map((tag) => (node: Node) => [{ ...node, tag }]),
    fc.uint8Array({ maxLength: 40 }).map((content) => (node: Node) => [leaf(node.tag, content)]),
    fc.nat(80).map((depth) => (node: Node) => [wrapped(node, depth)]),
    fc.constant((node: Node) => [{ ...node, children: node.children?.toReversed() ?? null }]),
    fc.nat(3_000).map((length) => (node: Node) => [leaf(node.tag, new Uint8Array(length).fill(0x81))]),
  );
  return fc.record({ at: fc.nat(), change });
}

function edited(tree: Node, { at, change }: Edit): Node {
  const nodes = allOf(tree);
  const chosen = nodes[1 + (at % Math.max(1, nodes.length - 1))];
  return replaced(tree, chosen, change);
}

function replaced(node: Node, chosen: Node | undefined, change: Edit['change']): Node {
  if (node.children === null) return node;
  const children = node.children.flatMap((child) =>
    child === chosen ? change(child) : [replaced(child, chosen, change)],
  );
  return { ...node, children };
}

function wrapped(node: Node, depth: number): Node {
  let whole = node;
  for (let level = 0; level < depth; level++) whole = { tag: 0x30, children: [whole], content: new Uint8Array() };
  return whole;
}

function allOf(node: Node): Node[] {
  return [node, ...(node.children ?? []).flatMap(allOf)];
}

/** Sound DER is what the corpus holds; an OCTET STRING or BIT STRING is opened when DER is in it. */
function treeOf(der: Uint8Array): Node {
  const [node] = nodesIn(der) ?? [];
  if (node === undefined) throw new Error('the corpus is no DER');
  return node;
}

function nodesIn(bytes: Uint8Array): Node[] | null {
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [tag = 0, first = 0] = bytes.subarray(at, at + 2);
    const long = first < 0x80 ? 0 : first & 0x7f;
    if (long > 3 || (tag & 0x1f) === 0x1f || tag === 0) return null;
    const start = at + 2 + long;
    const length = long === 0 ? first : bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
    if (start + length > bytes.length) return null;
    const content = bytes.subarray(start, start + length);
    nodes.push({ tag, content, children: childrenOf(tag, content) });
    at = start + length;
  }
  return nodes;
}

function childrenOf(tag: number, content: Uint8Array): Node[] | null {
  if ((tag & 0x20) !== 0) return nodesIn(content);
  return tag === 0x04 && content.length > 2 ? nodesIn(content) : null;
}

function encode({ tag, children, content }: Node): Uint8Array {
  return children === null ? tlv(tag, content) : tlv(tag, ...children.map(encode));
}

function overwritten([bytes, changes]: readonly [Uint8Array, readonly (readonly [number, number])[]]): Uint8Array {
  const copy = new Uint8Array(bytes);
  for (const [at, byte] of changes) copy[at % copy.length] = byte;
  return copy;
}

function without(bytes: Uint8Array, at: number, count: number): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + count)]);
}

function inserted(bytes: Uint8Array, at: number, more: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, at), ...more, ...bytes.subarray(at)]);
}
