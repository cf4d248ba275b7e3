import { z } from 'zod';
import { systemScope } from '../../database/scope.ts';
import type { Gateway } from '../../gateway.ts';
import { type CaseKey, openFacts, sealFacts } from '../../locker/case-key.ts';
import { certificateStatement } from '../../records/certificate-statement.ts';
import { plainFields, type SharedFacts, type ShareField } from './rules.ts';
import type { ShareRow } from './store.ts';

/** What stands in no column: for whom, what was chosen, and that alone of the statement. */
export interface ShareContent {
  readonly audience: string;
  readonly fields: readonly ShareField[];
  readonly facts: SharedFacts;
}

const content = z.object({
  audience: z.string(),
  fields: z.array(z.union([z.enum(plainFields), z.templateLiteral(['subjects/', z.int()])])),
  facts: z.object({
    ...Object.fromEntries(plainFields.map((field) => [field, z.string().optional()])),
    subjects: certificateStatement.shape.subjects,
    assurance: certificateStatement.shape.assurance,
    asked: certificateStatement.shape.asked,
  }),
});

/**
 * The key of the request behind a certificate: a person has none of their own and, allowed by policy, borrows the school's.
 * Null when it has been shredded. Outside any transaction. @throws {KeyServiceUnavailable} {KeyRefused}
 */
export async function borrowKey(
  { database, locker }: Pick<Gateway, 'database' | 'locker'>,
  of: Pick<ShareRow, 'requestId' | 'schoolCode'>,
): Promise<CaseKey | null> {
  const wrap = await database.transaction(systemScope('locker'), (tx) =>
    locker.findCaseKey(tx, of.requestId, of.schoolCode),
  );
  return wrap === null ? null : locker.openCaseKey(wrap);
}

export function sealContent(key: CaseKey, shareId: string, shared: ShareContent): Uint8Array {
  return sealFacts(key, `share/${shareId}`, new TextEncoder().encode(JSON.stringify(shared)));
}

export function openContent(key: CaseKey, { id, sealed }: Pick<ShareRow, 'id' | 'sealed'>): ShareContent {
  return content.parse(JSON.parse(new TextDecoder().decode(openFacts(key, `share/${id}`, sealed))));
}

export function sealPresentation(key: CaseKey, shareId: string, presentation: string): Uint8Array {
  return sealFacts(key, `presentation/${shareId}`, new TextEncoder().encode(presentation));
}

export function openPresentation(key: CaseKey, shareId: string, sealed: Uint8Array): string {
  return new TextDecoder().decode(openFacts(key, `presentation/${shareId}`, sealed));
}

export function sealAddress(key: CaseKey, watcherId: string, address: string): Uint8Array {
  return sealFacts(key, `watcher/${watcherId}`, new TextEncoder().encode(address));
}

export function openAddress(key: CaseKey, watcherId: string, sealed: Uint8Array): string {
  return new TextDecoder().decode(openFacts(key, `watcher/${watcherId}`, sealed));
}
