const day = 86_400_000;

/** What a person may choose among. */
export const lineKinds = ['read', 'transfer', 'certificate', 'emergency', 'report'] as const;
export type LineKind = (typeof lineKinds)[number];

/** Every look into what is recorded about somebody; each leaves one of these. */
export const readEvents = [
  'document.handed-over',
  'container.handed-over',
  'break-glass.read',
  'board-glass.read',
  'certificate.handed-over',
  'certificate.share-opened',
  'certificate-register.read',
] as const;

const eventsOf: Readonly<Record<LineKind, readonly string[]>> = {
  read: readEvents,
  transfer: [
    'package.sealed',
    'package.deposited',
    'package.withdrawn',
    'package.opened',
    'package.returned',
    'package.verified',
    'package.acknowledged',
    'custody.moved',
  ],
  certificate: [
    'certificate.requested',
    'certificate.checked',
    'certificate.approved',
    'certificate.issued',
    'certificate.handed-over',
    'certificate.superseded',
    'certificate.revoked',
    'certificate.share-made',
    'certificate.share-opened',
    'certificate.share-withdrawn',
    'credential.issued',
    'credential.exported',
  ],
  emergency: [
    'break-glass.opened',
    'break-glass.read',
    'break-glass.ended',
    'break-glass.reviewed',
    'board-glass.opened',
    'board-glass.read',
    'board-glass.ended',
    'board-glass.reviewed',
  ],
  report: ['access.reported', 'access-report.answered', 'access-report.closed'],
};

export function namesOf(kind: LineKind | null): readonly string[] | null {
  return kind === null ? null : eventsOf[kind];
}

/** Nothing younger than this is told to a person. */
export function toldUntil(now: Date, delayHours: number): Date {
  return new Date(now.getTime() - delayHours * 3_600_000);
}

/** A calendar day in Japan, `2026-11-29`, as the instant at which it begins; null for what is none. */
export function dayStart(text: string | null): Date | null {
  if (text === null || !/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  const at = new Date(`${text}T00:00:00+09:00`);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** The instant at which that day is over. */
export function dayEnd(text: string | null): Date | null {
  const start = dayStart(text);
  return start === null ? null : new Date(start.getTime() + day - 1);
}

interface Hold {
  readonly pupilId: string;
  readonly schoolCode: string;
  readonly since: Date;
  readonly until: Date;
  readonly confirmedAt: Date | null;
  readonly endedAt: Date | null;
}

/** Until when it holds back; null for one that never came into force. */
function holdsUntil({ until, confirmedAt, endedAt }: Hold): Date | null {
  if (confirmedAt === null) return null;
  return endedAt !== null && endedAt < until ? endedAt : until;
}

/** In force now. */
export function isHolding(hold: Hold, now: Date): boolean {
  const until = holdsUntil(hold);
  return until !== null && now < until;
}

/** Until when a line that is told now had been held back; null for one that never was. */
export function heldBackUntil(
  line: { readonly pupilId: string; readonly organisation: string | null; readonly at: Date },
  holds: readonly Hold[],
): Date | null {
  const ends = holds
    .filter((hold) => hold.pupilId === line.pupilId && hold.schoolCode === line.organisation && hold.since <= line.at)
    .map(holdsUntil)
    .filter((until) => until !== null && line.at < until);
  return ends.reduce<Date | null>((latest, end) => (latest === null || (end ?? latest) > latest ? end : latest), null);
}

/** So long at most: what takes longer is entered anew, by two again. */
export const maxHoldDays = 90;

/** Faults of what was entered; null where it can be held. */
export function holdFault(input: {
  readonly since: Date;
  readonly until: Date;
  readonly reason: string;
  readonly now: Date;
}) {
  const { since, until, reason, now } = input;
  if (reason.trim().length < 15 || reason.length > 400) return { reason: 'hold.reason-short' } as const;
  if (until <= now || until <= since) return { until: 'hold.until-past' } as const;
  return until.getTime() - now.getTime() > maxHoldDays * day ? ({ until: 'hold.until-late' } as const) : null;
}
