import type { KnownTrustList } from '../../crypto/trust-list.ts';
import { examineFile, kindOf } from '../examine.ts';
import { policyIn } from '../open-trust.ts';
import type { Report } from '../report.ts';
import { type Beside, findBeside, isCompanion } from './beside.ts';
import type { Given } from './given.ts';
import { type FoundTrust, type GatheredTrust, openTrust } from './trust.ts';

/** Why a file got no verdicts at all; the words are the command line's. */
export type ProblemCode =
  | 'file.unknown'
  | 'file.companion'
  | 'file.too-large'
  | 'file.too-many'
  | 'file.unreadable'
  | 'verifier.broken'
  | 'verifier.too-slow'
  | 'trust.missing'
  | 'trust.refused';

/** What was found out about one file. */
export type Finding =
  | { readonly name: string; readonly report: Report }
  | { readonly name: string; readonly problem: ProblemCode; readonly reason: string | null };

/** What is to be verified, as plain data: whoever does it has neither the page nor its storage. */
export interface Work {
  readonly all: readonly Given[];
  readonly trust: GatheredTrust;
  /** Of the gateway that the page comes from, which alone is asked; null for a page from a disk. */
  readonly origin: string | null;
}

/** By whose word it was verified. */
export type Basis =
  | { readonly at: Date; readonly list: KnownTrustList }
  | Exclude<FoundTrust, { readonly opened: unknown }>;

/** What is told while the work goes on: the basis, the files that will get an answer, then one after the other. */
export type Told =
  | { readonly basis: Basis }
  | { readonly files: readonly string[] }
  | { readonly finding: Finding }
  | { readonly done: true };

const maxFiles = 20;

/**
 * Verifies each file by itself. A proof, policy, renewal record, status list or seal chosen at the same time goes with the files beside
 * it, and the code of a certificate is compared with the PDFs beside it.
 */
export async function findAll({ all, trust: gathered, origin }: Work, tell: (told: Told) => void): Promise<void> {
  const trust = await openTrust(gathered);
  tell({ basis: basisOf(trust) });
  const files = all.filter((given) => !isCompanion(given));
  // Alone they say nothing; but who chose one is told what it goes with.
  const answered = files.length === 0 ? all : files;
  tell({ files: answered.map(({ name }) => name) });
  const beside = await findBeside(all, origin);
  for (const given of answered.slice(0, maxFiles)) tell({ finding: await findOne(given, trust, beside) });
  for (const { name } of answered.slice(maxFiles)) tell({ finding: { name, problem: 'file.too-many', reason: null } });
  tell({ done: true });
}

async function findOne(given: Given, trust: FoundTrust, beside: Beside): Promise<Finding> {
  const { name, content } = given;
  if (typeof content === 'string') return { name, problem: content, reason: null };
  const kind = kindOf(content);
  if (kind === null) return { name, problem: isCompanion(given) ? 'file.companion' : 'file.unknown', reason: null };
  if ('problem' in trust) return { name, ...trust };
  const { proof, policy, companions, paper } = beside;
  const witnessPolicy = policy === null ? null : policyIn(policy);
  const material = witnessPolicy === null ? trust.opened : { ...trust.opened, witnessPolicy };
  try {
    const renewals = beside.renewals(content);
    const how = { proof, renewals, companions, paper, trust: async () => material };
    return { name, report: await examineFile({ kind, bytes: content, ...how }) };
  } catch {
    // Whatever a file makes the code do, the answer is never "valid" by accident.
    return { name, problem: 'verifier.broken', reason: null };
  }
}

function basisOf(trust: FoundTrust): Basis {
  if ('problem' in trust) return trust;
  const { at, list } = trust.opened;
  return { at, list: { serial: list.serial, issuedAt: list.issuedAt } };
}
