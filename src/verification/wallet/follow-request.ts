import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { hashToken } from '../../identity/secrets.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { questions, type Report, words } from '../report.ts';
import { logPresentation } from './audit.ts';
import { maxMisses, type RequestEnding } from './rules.ts';
import { openFor, responseCodeHash, secretsOf } from './secrets.ts';
import { countTry, findByResponse, findRequest, moveRequest, type PresentationRow, presentationJob } from './store.ts';
import type { Asked } from './tables.ts';

/** How far a request has come, for the browser that asked. */
export type RequestView = { readonly id: string; readonly asked: Asked } & (
  | { readonly state: 'waiting' }
  | { readonly state: 'answered'; readonly triesLeft: number }
  | { readonly state: 'released'; readonly report: Report }
  | { readonly state: 'closed'; readonly ending: RequestEnding | null }
);

/** One browser and what it asks about: its cookie's value; null when it has none. */
interface Browser {
  readonly browser: string | null;
}

type Parts = Pick<Gateway, 'database' | 'clock' | 'walletKey' | 'sealDetail'>;

/** Faults: presentation.not-found, also for another browser's request. */
export async function showRequest(gateway: Parts, of: Browser & { readonly id: string }): Promise<Result<RequestView>> {
  const row = await findOwn(gateway, of);
  return row === null ? refuse(fault('presentation.not-found')) : ok(viewOf(gateway, row));
}

/**
 * The holder has told whoever asked the number: what was shown may be seen. Faults: presentation.not-found, presentation.number,
 * presentation.used when there is no try left
 */
export async function giveNumber(
  gateway: Parts,
  { number, ...of }: Browser & { readonly id: string; readonly number: string },
): Promise<Result<true>> {
  const row = await findOwn(gateway, of);
  if (row === null) return refuse(fault('presentation.not-found'));
  const isRight = isSame(number.normalize('NFKC').replaceAll(/\s/g, ''), secretsOf(gateway.walletKey, row.id).number);
  return gateway.database.transaction(presentationJob, async (tx) => {
    const tries = await countTry(tx, row.id);
    if (tries === null) return refuse(fault('presentation.used'));
    const isLast = tries >= maxMisses;
    if (isRight) await moveRequest(tx, { id: row.id, from: 'answered' }, { state: 'released' });
    else if (isLast) await moveRequest(tx, { id: row.id, from: 'answered' }, closedByNumber);
    const refused = isRight ? null : 'presentation.number';
    const detail = { kind: row.asked.kind, by: 'number' };
    await logPresentation(tx, gateway, { name: 'presentation.released', refused, detail });
    return isRight ? ok(true) : refuse(fault('presentation.number'));
  });
}

/** What was shown goes at once. */
const closedByNumber = { state: 'closed', ending: 'number', sealedReport: null, responseHash: null } as const;

/** Where a wallet has sent its owner: on to the result in the browser that asked, else to the number. */
export type Arrived =
  | { readonly here: true; readonly id: string }
  | { readonly here: false; readonly number: string; readonly asked: Asked };

/** Faults: presentation.not-found */
export async function arriveFromWallet(
  gateway: Parts,
  of: Browser & { readonly code: string },
): Promise<Result<Arrived>> {
  const hash = responseCodeHash(gateway.walletKey, of.code);
  return gateway.database.transaction(presentationJob, async (tx) => {
    const row = await findByResponse(tx, hash, gateway.clock.now());
    if (row === null) return refuse(fault('presentation.not-found'));
    if (!isOwn(row, of))
      return ok({ here: false, number: secretsOf(gateway.walletKey, row.id).number, asked: row.asked });
    // The wallet's owner and whoever asked hold the same browser: nobody has to be told anything (§14.2).
    const isFirst = await moveRequest(tx, { id: row.id, from: 'answered' }, { state: 'released' });
    const detail = { kind: row.asked.kind, by: 'browser' };
    if (isFirst) await logPresentation(tx, gateway, { name: 'presentation.released', refused: null, detail });
    return ok({ here: true, id: row.id });
  });
}

async function findOwn(gateway: Parts, of: Browser & { readonly id: string }): Promise<PresentationRow | null> {
  const row = await gateway.database.transaction(presentationJob, (tx) => findRequest(tx, of.id, gateway.clock.now()));
  return row !== null && isOwn(row, of) ? row : null;
}

function isOwn({ browserHash }: PresentationRow, { browser }: Browser): boolean {
  return browser !== null && isSame(hashToken(browser), browserHash);
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function viewOf({ walletKey }: Parts, row: PresentationRow): RequestView {
  const { id, asked, state, misses, ending, sealedReport } = row;
  switch (state) {
    case 'waiting':
      return { id, asked, state };
    case 'answered':
      return { id, asked, state, triesLeft: maxMisses - misses };
    case 'released': {
      if (sealedReport === null) throw new Error('what was shown is not there');
      return {
        id,
        asked,
        state,
        report: reportShape.parse(openFor(walletKey, { id, content: 'report' }, sealedReport)),
      };
    }
    case 'closed':
      return { id, asked, state, ending };
  }
}

const reportShape = z.object({
  kind: z.literal('credential'),
  verdicts: z.array(
    z.object({
      question: z.enum(questions),
      word: z.enum(words),
      code: z.templateLiteral([z.enum(questions), '.', z.enum(words)]),
      reasons: z.array(z.string()),
      about: z.string().nullable(),
    }),
  ),
  facts: z.record(z.string(), z.unknown()),
  remarks: z.array(z.string()),
});
