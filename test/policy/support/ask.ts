import { caseAt, healthCard, record } from '../../hostile/support/procedure.ts';
import type { HostileWorld } from '../../hostile/support/world.ts';
import type { Session } from '../../support/session.ts';
import type { At, RouteRow } from './routes.ts';

/** What a route said to somebody at its door. */
export type Outcome = 'may' | 'login' | 'denied' | 'hidden' | `broken (${number})`;

/** Ids that stand in a path. */
export interface Ids {
  readonly caseId: string;
  readonly records: string;
  readonly health: string;
  readonly receiptId: string;
}

export interface Answered {
  readonly outcome: Outcome;
  readonly status: number;
  /** All that a stranger could tell answers apart by: headers and body, without the number of the request. */
  readonly face: string;
}

/** Cases between the two schools of the matrix, one for each state that a row asks in, and one between two others. */
export async function makeCases(world: HostileWorld): Promise<{ own: Record<At, Ids>; other: Ids }> {
  const documents = [record(), healthCard()];
  const own = async (upTo: At): Promise<Ids> =>
    idsOf(await world.as('juniorHigh-clerk'), await caseAt(world, { upTo, pupilId: 'pupil-01', documents }));
  const other = await caseAt(world, { upTo: 'opened', from: 'elementary', to: 'prefecturalHigh', documents });
  return {
    own: {
      draft: await own('draft'),
      deposited: await own('deposited'),
      opened: await own('opened'),
      acknowledged: await own('acknowledged'),
    },
    other: await idsOf(await world.as('elementary-clerk'), other),
  };
}

async function idsOf(
  clerk: Session,
  made: { readonly id: string; readonly documents: readonly { readonly id: string }[] },
): Promise<Ids> {
  const { body } = await clerk.json('GET', `/api/cases/${made.id}/receipts`);
  const [records, health] = made.documents;
  return {
    caseId: made.id,
    records: records?.id ?? '',
    health: health?.id ?? '',
    receiptId: body.items.at(0)?.id ?? randomIds().receiptId,
  };
}

export function randomIds(): Ids {
  const id = () => crypto.randomUUID();
  return { caseId: id(), records: id(), health: id(), receiptId: id() };
}

export async function ask(session: Session, row: RouteRow, ids: Ids): Promise<Answered> {
  const [method = '', template = ''] = row.route.split(' ');
  const path = template
    .replace('{caseId}', ids.caseId)
    .replace('{documentId}', row.visibility === 'health' ? ids.health : ids.records)
    .replace('{receiptId}', ids.receiptId)
    .replace('{visibility}', row.visibility ?? '')
    .replace('{pupilId}', 'pupil-01')
    .replace('{code}', 'D111100000018')
    .replace('{year}', '2026')
    .replace(/\{(sessionId|linkId|id)\}/, ids.caseId);
  const isForm = typeof row.body === 'string';
  const body = row.body === undefined || isForm ? row.body : JSON.stringify(row.body);
  const headers = {
    'accept-language': 'en',
    ...(row.body === undefined
      ? {}
      : { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' }),
    // A machine must say what it uploads; the digest of `{}`.
    ...(method === 'PUT' ? { 'repr-digest': 'sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:' } : {}),
  };
  const answer = await session.send(method, `${path}${row.query ?? ''}`, body, headers);
  const text = await answer.text();
  const shown = [...answer.headers].filter(([name]) => !['x-request-id', 'date', 'ratelimit'].includes(name));
  const face = JSON.stringify([answer.status, shown, text])
    .replaceAll(answer.headers.get('x-request-id') ?? '-', 'REQUEST')
    .replace(/nonce-[A-Za-z0-9+/=]+/g, 'nonce');
  return { outcome: outcomeOf(answer.status), status: answer.status, face };
}

function outcomeOf(status: number): Outcome {
  if (status === 401) return 'login';
  if (status === 403) return 'denied';
  if (status === 404) return 'hidden';
  return status >= 500 ? `broken (${status})` : 'may';
}
