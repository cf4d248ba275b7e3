import { z } from 'zod';
import { visibilities } from './kinds.ts';

/** An evidence bundle (docs/formats.md): an ASiC-E container whose first file is this index. */
export const storyVersion = 'hikitsugi-story/1';
export const storyIndexName = 'story.json';

/** So many lines one bundle holds; `isWhole` says whether that was all. */
export const maxStoryLines = 300;

const path = z.string().regex(/^[a-z0-9][A-Za-z0-9._/-]{0,99}$/);
const word = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.:_-]{0,79}$/);

/** One act, and where its evidence lies in the bundle. */
const line = z.strictObject({
  /** Number of the event. */
  id: z.uuid(),
  at: z.iso.datetime(),
  event: word,
  outcome: z.enum(['done', 'refused']),
  side: z.enum(['sender', 'recipient', 'person', 'gateway']),
  role: word,
  /** C2SP tlog-proof of the entry; null while no checkpoint covers it. */
  proof: path.nullable(),
  /** The bytes that the entry's commitment is the SHA-256 of. */
  opening: path.nullable(),
  receipt: path.nullable(),
  /** Of the receipt's entry, which is the other side's where they acted. */
  receiptProof: path.nullable(),
});

export const storyIndexSchema = z.strictObject({
  version: z.literal(storyVersion),
  /** Null in a person's ledger, which is about several. */
  case: z.string().max(64).nullable(),
  madeAt: z.iso.datetime(),
  isWhole: z.boolean(),
  lines: z.array(line).max(maxStoryLines),
  /** The sealed manifest, without the documents. */
  manifest: path.nullable(),
  /** The seals over the containers: manifest of the container and detached CAdES. */
  seals: z
    .array(z.strictObject({ visibility: z.enum(visibilities), manifest: path, signature: path }))
    .max(visibilities.length),
  renewal: path.nullable(),
});

export type StoryIndex = z.output<typeof storyIndexSchema>;
export type StoryLine = StoryIndex['lines'][number];
