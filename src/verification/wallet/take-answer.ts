import { z } from 'zod';
import { type Fault, fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { randomToken } from '../../identity/secrets.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { outcomeOf, type Report } from '../report.ts';
import { logPresentation } from './audit.ts';
import { type FetchStatusList, judgePresentation, unprovedReason } from './judge-presentation.ts';
import { type PostedAnswer, presentationIn } from './parse-answer.ts';
import { minutesAfter, requestMinutes } from './rules.ts';
import { openFor, responseCodeHash, sealFor, secretsOf } from './secrets.ts';
import { findRequest, moveRequest, type PresentationRow, presentationJob } from './store.ts';
import { verifierName, walletVerifierPath } from './verifier-name.ts';

const jwk = z.record(z.string(), z.unknown());

/** Where the wallet sends its owner next. */
export interface AnswerTaken {
  readonly redirectUri: string | null;
}

/**
 * Takes the answer of a wallet. The first one that can be read ends the request, so that no nonce counts twice; what it proves and what
 * not is for whoever asked to see. Whoever has shown it gets a code, by which the two browsers find together (§14.2).
 *
 * Faults: presentation.not-found, presentation.used, presentation.malformed, presentation.other-kind, presentation.unproved,
 * verification.no-trust
 */
export async function takeAnswer(
  gateway: Gateway,
  answer: PostedAnswer & { readonly id: string },
  fetchStatusList: FetchStatusList,
): Promise<Result<AnswerTaken>> {
  const now = gateway.clock.now();
  const row = await gateway.database.transaction(presentationJob, (tx) => findRequest(tx, answer.id, now));
  if (row === null) return refuse(fault('presentation.not-found'));
  if (row.state !== 'waiting') return refuseLogged(gateway, row, fault('presentation.used'));
  if (answer.error !== null) return decline(gateway, row, answer);
  const presentation = await readAnswer(gateway, row, answer.response);
  if (!presentation.ok) return refuseLogged(gateway, row, presentation.fault);
  const shown = { presentation: presentation.value, asked: row.asked, audience: verifierName(gateway) };
  const { nonce } = secretsOf(gateway.walletKey, row.id);
  const report = await judgePresentation(gateway, { ...shown, nonce }, fetchStatusList);
  if (!report.ok) return refuseLogged(gateway, row, report.fault);
  return store(gateway, row, report.value);
}

async function readAnswer(
  { walletKey }: Gateway,
  { id, sealedKey }: PresentationRow,
  response: string | null,
): Promise<Result<string>> {
  if (response === null || sealedKey === null) return refuse(fault('presentation.malformed', { detail: 'response' }));
  const key = jwk.parse(openFor(walletKey, { id, content: 'key' }, sealedKey));
  return presentationIn(response, { key, state: secretsOf(walletKey, id).state });
}

async function store(gateway: Gateway, row: PresentationRow, report: Report): Promise<Result<AnswerTaken>> {
  const { id } = row;
  const code = randomToken(16);
  const unproved = unprovedReason(report);
  const stored = await gateway.database.transaction(presentationJob, async (tx) => {
    const isFirst = await moveRequest(
      tx,
      { id, from: 'waiting' },
      {
        // Whoever proved nothing is sent nowhere, and nothing of what they brought is told on.
        state: unproved === null ? 'answered' : 'released',
        sealedKey: null,
        sealedReport: sealFor(
          gateway.walletKey,
          { id, content: 'report' },
          unproved === null ? report : { ...report, facts: {} },
        ),
        responseHash: unproved === null ? responseCodeHash(gateway.walletKey, code) : null,
        expiresAt: minutesAfter(gateway.clock.now(), requestMinutes),
      },
    );
    const refused = !isFirst ? 'presentation.used' : unproved === null ? null : 'presentation.unproved';
    const detail = { kind: row.asked.kind, outcome: outcomeOf(report.verdicts), reason: unproved ?? '' };
    await logPresentation(tx, gateway, { name: 'presentation.shown', refused, detail });
    return isFirst;
  });
  if (!stored) return refuse(fault('presentation.used'));
  if (unproved !== null) return refuse(fault('presentation.unproved', { detail: unproved }));
  return ok({ redirectUri: `${gateway.settings.PUBLIC_ORIGIN}${walletVerifierPath}/answered/${code}` });
}

/** §8.5: the holder said no, or the wallet has nothing that fits. */
async function decline(gateway: Gateway, row: PresentationRow, { state }: PostedAnswer): Promise<Result<AnswerTaken>> {
  if (state !== secretsOf(gateway.walletKey, row.id).state) {
    return refuseLogged(gateway, row, fault('presentation.malformed', { detail: 'state-mismatch' }));
  }
  await gateway.database.transaction(presentationJob, async (tx) => {
    await moveRequest(tx, { id: row.id, from: 'waiting' }, { state: 'closed', ending: 'declined', sealedKey: null });
    const detail = { kind: row.asked.kind };
    await logPresentation(tx, gateway, { name: 'presentation.shown', refused: 'declined', detail });
  });
  return ok({ redirectUri: null });
}

async function refuseLogged(gateway: Gateway, row: PresentationRow, reason: Fault): Promise<Result<never>> {
  const detail = { kind: row.asked.kind, reason: reason.detail ?? '' };
  await gateway.database.transaction(presentationJob, (tx) =>
    logPresentation(tx, gateway, { name: 'presentation.shown', refused: reason.code, detail }),
  );
  return refuse(reason);
}
