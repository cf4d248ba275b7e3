import { type AsicEntry, asicBytes, writeAsic } from '../crypto/asic.ts';
import { asicManifest } from '../crypto/asic-manifest.ts';
import { signCades } from '../crypto/cms/sign-cades.ts';
import { canonicalJson } from '../crypto/jcs.ts';
import type { FlattenedJws } from '../crypto/jose.ts';
import type { Signer } from '../crypto/signer.ts';
import type { TimestampService } from '../crypto/timestamp.ts';
import type { Visibility } from './kinds.ts';
import { maxStoryLines, type StoryIndex, type StoryLine, storyIndexName, storyVersion } from './story-format.ts';

/** One act with its evidence; null where there is none, or none for this reader. */
export interface ToldLine extends Omit<StoryLine, 'proof' | 'opening' | 'receipt' | 'receiptProof'> {
  readonly proof: string | null;
  readonly opening: Uint8Array | null;
  readonly receipt: FlattenedJws | null;
  readonly receiptProof: string | null;
}

/** Everything that a bundle tells. */
export interface ToldStory {
  readonly case: string | null;
  readonly isWhole: boolean;
  readonly lines: readonly ToldLine[];
  readonly manifest: FlattenedJws | null;
  readonly seals: readonly {
    readonly visibility: Visibility;
    readonly manifestXml: Uint8Array;
    readonly signature: Uint8Array;
  }[];
  readonly renewal: Uint8Array | null;
  /** For whoever verifies: the published trust bundle, and the policy of the witnesses. */
  readonly companions: { readonly trust: unknown; readonly policy: string | null };
}

interface BundleFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Uint8Array;
}

/**
 * Writes an evidence bundle as a stream: ASiC-E, signed by the gateway's evidence key, with a time stamp where one can be
 * had. The evidence inside proves itself; the signature says that it was given out together, and when.
 */
export async function writeStoryBundle(
  story: ToldStory,
  by: { readonly signer: Signer; readonly timestamps: TimestampService; readonly now: Date },
): Promise<{ readonly bytes: number; readonly body: AsyncIterable<Uint8Array> }> {
  const files = storyFiles(story, by.now);
  const entries = await Promise.all(files.map(entryOf));
  const manifest = asicManifest(entries);
  const { signer, timestamps } = by;
  const stamped = await signCades({ content: manifest, signer, timestamps });
  // A silent time-stamp authority must not keep anybody from their evidence.
  const signed = stamped.ok ? stamped : await signCades({ content: manifest, signer, timestamps: null });
  if (!signed.ok) throw new Error('a signature without time stamp cannot be refused one');
  const signature = { manifest, signature: signed.value };
  return { bytes: asicBytes(entries, signature), body: writeAsic(entries, signature) };
}

function storyFiles(story: ToldStory, now: Date): readonly BundleFile[] {
  const lines = story.lines.slice(0, maxStoryLines).map((line, at) => placedLine(line, at + 1));
  const seals = story.seals.map((seal) => ({
    named: {
      visibility: seal.visibility,
      manifest: `seals/${seal.visibility}.xml`,
      signature: `seals/${seal.visibility}.p7s`,
    },
    files: [
      file(`seals/${seal.visibility}.xml`, 'application/xml', seal.manifestXml),
      file(`seals/${seal.visibility}.p7s`, 'application/pkcs7-signature', seal.signature),
    ],
  }));
  const manifest = story.manifest === null ? null : canonicalJson(story.manifest);
  const index: StoryIndex = {
    version: storyVersion,
    case: story.case,
    madeAt: now.toISOString(),
    isWhole: story.isWhole && story.lines.length <= maxStoryLines,
    lines: lines.map(({ line }) => line),
    manifest: manifest === null ? null : 'manifest.jws.json',
    seals: seals.map(({ named }) => named),
    renewal: story.renewal === null ? null : 'renewal.json',
  };
  const { trust, policy } = story.companions;
  const checkpoint = newestCheckpoint(story.lines);
  return [
    file(storyIndexName, 'application/json', canonicalJson(index)),
    ...lines.flatMap(({ files }) => files),
    ...(manifest === null ? [] : [file('manifest.jws.json', 'application/jose+json', manifest)]),
    ...seals.flatMap(({ files }) => files),
    ...(story.renewal === null ? [] : [file('renewal.json', 'application/json', story.renewal)]),
    ...(checkpoint === null ? [] : [file('checkpoint', 'text/plain', text(checkpoint))]),
    ...(policy === null ? [] : [file('policy', 'text/plain', text(policy))]),
    file('trust.json', 'application/json', text(JSON.stringify(trust))),
  ];
}

function placedLine(told: ToldLine, number: number): { readonly line: StoryLine; readonly files: BundleFile[] } {
  const { proof, opening, receipt, receiptProof, ...facts } = told;
  const place = String(number).padStart(4, '0');
  const files: BundleFile[] = [];
  const put = (name: string, mediaType: string, content: Uint8Array | null) => {
    if (content === null) return null;
    files.push(file(name, mediaType, content));
    return name;
  };
  const own = put(`proofs/${place}.tlog-proof`, 'text/plain', proof === null ? null : text(proof));
  // The other side's entry has a proof of its own.
  const isOther = receiptProof !== null && receiptProof !== proof;
  const other = put(`receipts/${place}.tlog-proof`, 'text/plain', isOther ? text(receiptProof) : null);
  return {
    line: {
      ...facts,
      proof: own,
      opening: put(`openings/${place}.bin`, 'application/octet-stream', opening),
      receipt: put(
        `receipts/${place}.jws.json`,
        'application/jose+json',
        receipt === null ? null : canonicalJson(receipt),
      ),
      receiptProof: receiptProof === null ? null : isOther ? other : own,
    },
    files,
  };
}

/** All proofs of a log are against one; of two school years the later. */
function newestCheckpoint(lines: readonly ToldLine[]): string | null {
  const proof = lines.findLast((line) => line.proof !== null)?.proof ?? null;
  if (proof === null) return null;
  return proof.slice(proof.indexOf('\n\n') + 2);
}

async function entryOf({ name, mediaType, content }: BundleFile): Promise<AsicEntry> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(content)));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { name, mediaType, sha256, size: content.length, bytes: once(content) };
}

function file(name: string, mediaType: string, content: Uint8Array): BundleFile {
  return { name, mediaType, content };
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
