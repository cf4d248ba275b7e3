import { z } from 'zod';
import { equalBytes } from '../audit/bytes.ts';
import { type LogEntry, parseEntry } from '../audit/entry.ts';
import { sha256 } from '../audit/hash.ts';
import { parseProof, verifyProof } from '../audit/proof-text.ts';
import { type AsicVerdict, verifyAsic } from '../crypto/asic-verify.ts';
import type { ZipLimits } from '../crypto/asic-zip-read.ts';
import { verifyCades } from '../crypto/cms.ts';
import { isCanonicalJson } from '../crypto/jcs.ts';
import { sealPurpose } from '../records/seal-purpose.ts';
import {
  maxStoryLines,
  type StoryIndex,
  type StoryLine,
  storyIndexName,
  storyIndexSchema,
} from '../records/story-format.ts';
import { judgeManifest } from './manifest.ts';
import { parseJson } from './parse-json.ts';
import { verifyReceipt } from './receipt.ts';
import { judgeRenewal } from './renewal.ts';
import { outcomeOf, type Report, type ReportItem, type Verdict, verdict } from './report.ts';
import { existence, logKeyOf, type TrustMaterial } from './trust-material.ts';
import { issuerVerdict, timeVerdict } from './trust-verdicts.ts';
import { witnessVerdicts } from './witness-verdicts.ts';

/** Five files for each line, and what stands once; openings begin with random bytes, which may look like anything. */
export const storyLimits: ZipLimits = {
  maxEntries: 5 * maxStoryLines + 16,
  maxBytes: 64 * 1024 * 1024,
  maxRatio: 100,
  nestedArchives: 'kept',
};

/** Whether a container begins as an evidence bundle does: `story.json` right behind `mimetype`. */
export function isStoryBundle(bytes: Uint8Array): boolean {
  const name = new TextEncoder().encode(storyIndexName);
  // Local header (30 bytes), `mimetype`, its 31 bytes, the next local header.
  const at = 30 + 8 + 31 + 30;
  return bytes[0] === 0x50 && bytes[1] === 0x4b && equalBytes(bytes.subarray(at, at + name.length), name);
}

/**
 * Verifies an evidence bundle offline, line by line. The signature says only who gave it out; each line stands or falls by
 * its own evidence, whoever carried it.
 */
export async function verifyStory(bytes: Uint8Array, trust: TrustMaterial): Promise<Report> {
  const asic = await verifyAsic({
    bytes,
    limits: storyLimits,
    anchors: trust.evidence,
    timestampAnchors: trust.time,
    revocation: trust.revocation,
    at: trust.at,
    ...existence(trust),
  });
  const head = headVerdicts(asic);
  const files = new Map(asic.container?.files.map(({ name, content }) => [name, content]) ?? []);
  const index = parseIndex(files.get(storyIndexName));
  if (index === null) {
    const verdicts = [...head, verdict('items', 'invalid', { reasons: ['story-malformed'] })];
    return { kind: 'story', verdicts, facts: {}, remarks: [] };
  }
  const items: ReportItem[] = [];
  for (const line of index.lines) items.push(await judgeLine(line, { files, index, trust }));
  items.push(...(await judgeSeals({ files, index, trust })));
  return {
    kind: 'story',
    verdicts: [...head, itemsVerdict(items)],
    items,
    facts: { ...(index.case === null ? {} : { case: index.case }), issuedAt: index.madeAt },
    remarks: index.isWhole ? [] : ['story-cut'],
  };
}

interface Basis {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly index: StoryIndex;
  readonly trust: TrustMaterial;
}

function headVerdicts({ container, structure, files, signatures, reasons }: AsicVerdict): readonly Verdict[] {
  const [signed, ...more] = signatures.map((one) => one.verdict);
  const isWhole = structure === 'valid' || (container !== null && signed !== undefined && signed.reasons.length > 0);
  const wrong = files.filter(({ status }) => status !== 'valid');
  const about = `${files.length - wrong.length}/${files.length}`;
  const head = [
    verdict('structure', isWhole ? 'valid' : 'invalid', { reasons: isWhole ? [] : reasons }),
    verdict('digests', wrong.length === 0 && files.length > 0 ? 'valid' : 'invalid', {
      about,
      reasons: wrong.map(({ name, status }) => `file-${status}:${name}`),
    }),
  ];
  if (signed === undefined || more.length > 0) {
    return [...head, verdict('signature', 'invalid', { reasons: ['signature-missing'] })];
  }
  const time = signed.time.status === 'absent' ? undatedVerdict : timeVerdict(signed.time);
  return [
    ...head,
    verdict('signature', signed.integrity, { reasons: signed.integrity === 'valid' ? [] : signed.reasons }),
    issuerVerdict(signed.signer),
    time,
  ];
}

/** It was given out while no time-stamp authority answered: nothing inside rests on its time. */
const undatedVerdict = verdict('time', 'notChecked', { reasons: ['time-absent'] });

function parseIndex(bytes: Uint8Array | undefined): StoryIndex | null {
  if (bytes === undefined || !isCanonicalJson(bytes)) return null;
  const parsed = storyIndexSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  return parsed.success ? parsed.data : null;
}

async function judgeLine(line: StoryLine, basis: Basis): Promise<ReportItem> {
  const verdicts = [...(await logVerdicts(line, basis)), ...(await receiptVerdicts(line, basis))];
  const { event, at, side, role, outcome } = line;
  return { name: event, at, side, role, refused: outcome === 'refused', verdicts, outcome: outcomeOf(verdicts) };
}

/** The entry lies in the log, it is about what the line says, and the opening is what it has committed to. */
async function logVerdicts(line: StoryLine, { files, trust }: Basis): Promise<readonly Verdict[]> {
  if (line.proof === null) return [verdict('inclusion', 'notChecked', { reasons: ['proof-not-yet'] })];
  const proof = parseProof(textOf(files, line.proof));
  if (!proof.ok) return [verdict('inclusion', 'invalid', { reasons: [proof.fault] })];
  const { checkpoint, extra, index } = proof.value;
  const key = logKeyOf(trust, checkpoint);
  if (key === null) return [verdict('inclusion', 'notChecked', { reasons: ['log-key-unknown'] })];
  const entry = extra === null ? null : parseEntry(extra);
  if (extra === null || entry === null || !entry.ok) {
    return [verdict('inclusion', 'invalid', { reasons: ['proof.no-entry'] })];
  }
  const found = await verifyProof(proof.value, extra, key);
  if (!found.ok) return [verdict('inclusion', 'invalid', { reasons: [found.fault] })];
  const about = `${found.value.origin} ${index + 1n}/${found.value.size}`;
  return [
    verdict('inclusion', 'valid', { about }),
    ...(await witnessVerdicts(checkpoint, trust)),
    isAbout(entry.value, line)
      ? verdict('statement', 'valid', { about: `${entry.value.event} ${entry.value.time}` })
      : verdict('statement', 'invalid', { reasons: ['proof.other-entry'] }),
    ...openingVerdicts(line, entry.value, files),
  ];
}

function isAbout(entry: LogEntry, line: StoryLine): boolean {
  const event = line.outcome === 'done' ? line.event : `${line.event}.refused`;
  return entry.event === event && entry.time === line.at && entry.side === line.side && entry.orgRole === line.role;
}

const opened = z.object({ eventId: z.string() });

function openingVerdicts(line: StoryLine, entry: LogEntry, files: Basis['files']): readonly Verdict[] {
  if (line.opening === null) return [];
  const opening = files.get(line.opening) ?? new Uint8Array();
  const isCommitted = Buffer.from(sha256(opening)).toString('hex') === entry.commitment;
  const isThis = isCommitted && opened.safeParse(parseJson(opening.subarray(32))).data?.eventId === line.id;
  return [isThis ? verdict('opening', 'valid') : verdict('opening', 'invalid', { reasons: ['opening-other'] })];
}

async function receiptVerdicts(line: StoryLine, { files, index, trust }: Basis): Promise<readonly Verdict[]> {
  if (line.receipt === null) return [];
  const bytes = files.get(line.receipt) ?? new Uint8Array();
  const proof = line.receiptProof === null ? null : textOf(files, line.receiptProof);
  const renewed = await renewedTrust({ kind: 'receipt', bytes }, { files, index, trust });
  const { verdicts, facts } = await verifyReceipt(bytes, renewed.trust, proof);
  const isOfCase = facts['case'] === index.case;
  return [
    ...verdicts,
    ...(isOfCase ? [] : [verdict('statement', 'invalid', { reasons: ['receipt-other-case'] })]),
    ...renewed.verdicts,
  ];
}

async function judgeSeals(basis: Basis): Promise<readonly ReportItem[]> {
  const { files, index, trust } = basis;
  const items: ReportItem[] = [];
  if (index.manifest !== null) {
    const bytes = files.get(index.manifest) ?? new Uint8Array();
    const renewed = await renewedTrust({ kind: 'manifest', bytes }, basis);
    const { verdicts, manifest } = await judgeManifest(bytes, renewed.trust);
    const isOfCase = manifest === null || manifest.case === index.case;
    const other = verdict('statement', 'invalid', { reasons: ['manifest-other-case'] });
    items.push(itemOf('manifest', [...verdicts, ...(isOfCase ? [] : [other]), ...renewed.verdicts]));
  }
  for (const seal of index.seals) {
    const cades = await verifyCades({
      cms: files.get(seal.signature) ?? new Uint8Array(),
      content: files.get(seal.manifest) ?? new Uint8Array(),
      anchors: trust.seal,
      timestampAnchors: trust.time,
      revocation: trust.revocation,
      at: trust.at,
      ...existence(trust),
      purpose: sealPurpose,
    });
    const reasons = cades.integrity === 'valid' ? [] : cades.reasons;
    const signed = verdict('signature', cades.integrity, { reasons });
    items.push(itemOf(`seal-${seal.visibility}`, [signed, issuerVerdict(cades.signer), timeVerdict(cades.time)]));
  }
  return items;
}

function itemOf(name: string, verdicts: readonly Verdict[]): ReportItem {
  return { name, at: null, side: null, role: null, refused: false, verdicts, outcome: outcomeOf(verdicts) };
}

async function renewedTrust(
  file: { readonly kind: 'receipt' | 'manifest'; readonly bytes: Uint8Array },
  { files, index, trust }: Basis,
): Promise<{ readonly trust: TrustMaterial; readonly verdicts: readonly Verdict[] }> {
  const record = index.renewal === null ? undefined : files.get(index.renewal);
  if (record === undefined) return { trust, verdicts: [] };
  const judged = await judgeRenewal(file, [record], trust);
  return { trust: judged.trust, verdicts: [judged.verdict] };
}

/** Of many lines one answer: the worst. */
function itemsVerdict(items: readonly ReportItem[]): Verdict {
  const good = items.filter(({ outcome }) => outcome === 'valid').length;
  const about = `${good}/${items.length}`;
  if (items.some(({ outcome }) => outcome === 'invalid')) {
    return verdict('items', 'invalid', { about, reasons: ['item-invalid'] });
  }
  return good === items.length
    ? verdict('items', 'valid', { about })
    : verdict('items', 'notChecked', { about, reasons: ['item-not-checked'] });
}

function textOf(files: Basis['files'], name: string): string {
  return new TextDecoder().decode(files.get(name) ?? new Uint8Array());
}
