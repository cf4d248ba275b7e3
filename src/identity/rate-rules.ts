import type { Actor } from '../policy/actor.ts';

/**
 * What is counted, and by whom: `login` and `token` by network address, `account` by member of staff or person, `client`
 * by school-affairs system, `heavy` by either (verifying, exporting) or, where nobody has to log in, by address, `school` by all of a school together.
 */
export const rateNames = ['login', 'token', 'account', 'client', 'school', 'heavy'] as const;
export type RateName = (typeof rateNames)[number];

export interface RateSettings {
  readonly perMinute: Readonly<Record<RateName, number>>;
  /** The one header in which the proxy in front names the client's address; null without a proxy. */
  readonly addressHeader: string | null;
}

export interface Counted {
  readonly name: RateName;
  readonly subject: string;
  /** Where it is not the limit that the settings give to this name. */
  readonly perMinute?: number;
}

/** What a request counts as before it is known who sent it. */
export interface AskedFor {
  readonly doors: readonly Counted[];
  readonly heavy: boolean;
}

export const windowSeconds = 60;

/** What became of one that is counted. */
export interface Arrival extends Counted {
  readonly perMinute: number;
  readonly allowed: boolean;
  /** How far ahead of now its quota is paid for. */
  readonly seconds: number;
}

/** The narrowest of the limits that a request was counted against. */
export interface RateVerdict extends Counted {
  readonly allowed: boolean;
  readonly perMinute: number;
  readonly remaining: number;
  /** Until all of the quota is there again. */
  readonly resetSeconds: number;
  /** Until one more is let through; 0 when this one was. */
  readonly retryAfterSeconds: number;
}

// What decrypts or verifies a whole package, or gives it out.
const heavyPaths = /\/(verification|verify|containers\/[^/]+|export|story|bundle)$/;

/** Public, and heavy: counted by network address. */
export const verificationsPath = '/api/verifications';
/** Public: asking a wallet by program. */
export const presentationRequestsPath = '/api/presentation-requests';
/** Public: the certificates of seals, each by its digest. */
export const sealsPath = '/verify/seals/';

const walletCall =
  /^\/(wallet\/(nonce|par|token|credential|offers\/[^/]+)|verify\/wallet\/(requests|responses)\/[^/]+)$/;

/** Called by programs on phones, which know no cookie of ours and no page; their tokens are none of those of school-affairs systems. */
export function isWalletCall(path: string): boolean {
  return walletCall.test(path);
}

/** Where somebody shows a certificate to the holder of a link, and where a viewer's mails lead: the path is the secret. */
const linkPath = /^\/[sw]\/([^/]+)(\/|$)/;

/** Does whoever has this address need no more than that? Then nobody is asked who they are. */
export function isLinkPath(path: string): boolean {
  return linkPath.test(path);
}

/** PINs and the like for one link; what a person with a keyboard needs. */
const perLinkAndMinute = 20;

type Door = readonly [request: RegExp, counted: (of: { readonly address: string; readonly path: string }) => Counted[]];

const byAddress =
  (name: RateName): Door[1] =>
  ({ address }) => [{ name, subject: address }];
const heavyByAddress: Door[1] = ({ address }) => [{ name: 'heavy', subject: `address:${address}` }];
const byLink: Door[1] = ({ address, path }) => {
  const [, link = ''] = linkPath.exec(path) ?? [];
  return [
    { name: 'login', subject: address },
    { name: 'login', subject: `link:${link}`, perMinute: perLinkAndMinute },
  ];
};

/** What is counted before it is known who asks, by method and path: the first that fits. */
const doors: readonly Door[] = [
  [/^\S+ \/api\/token$/, byAddress('token')],
  [/^\S+ \/api\/verifications$/, heavyByAddress],
  // What anybody may look up by a word that is on a paper: so that nobody tries all of them.
  [/^\S+ \/(verify\/seals|c|api\/certificate-states)\//, heavyByAddress],
  // Published figures, for everybody: each answer reads ten years of them.
  [/^GET \/(api\/)?statistics(\.csv)?$/, heavyByAddress],
  // What a wallet calls, and what makes work for it: nobody logs in there.
  [/^(GET \/wallet\/offers\/[^/]+|POST \/wallet\/(nonce|par|token))$/, byAddress('token')],
  [/^POST \/wallet\/credential$/, heavyByAddress],
  [
    /^((GET|POST) \/verify\/wallet\/requests\/[^/]+|GET \/verify\/wallet\/(answered\/[^/]+|[^/]+\/state))$/,
    byAddress('token'),
  ],
  [/^POST \/api\/presentation-requests(\/[^/]+\/number)?$/, heavyByAddress],
  [/^GET \/api\/presentation-requests\/[^/]+$/, byAddress('token')],
  [/^POST \/verify\/wallet(\/responses\/[^/]+|\/[^/]+\/number)?$/, heavyByAddress],
  [/^(?!GET |HEAD )\S+ \/[sw]\/[^/]+(\/|$)/, byLink],
  // Whatever begins, answers or ends a log-in, redirects included, and whatever redeems a code.
  [/^(?!GET )\S+ (\/(api\/)?login\/.|\/api\/(links|certificates)$|\/links\/new$)/, byAddress('login')],
  [/^GET \/login\/callback\//, byAddress('login')],
];

const uploadPath = /^\/api\/cases\/[^/]+\/documents\/[^/]+\/content$/;

/** Does the request bring a document? Machines may begin so many of these in a day. */
export function isUpload(method: string, url: string): boolean {
  return method === 'PUT' && uploadPath.test(new URL(url).pathname);
}

/** How a request is counted by its path alone. */
export function askedFor(input: {
  readonly method: string;
  readonly path: string;
  readonly address: string;
}): AskedFor {
  const { method, path, address } = input;
  const [, counted] = doors.find(([request]) => request.test(`${method} ${path}`)) ?? [];
  return counted === undefined
    ? { doors: [], heavy: heavyPaths.test(path) }
    : { doors: counted({ address, path }), heavy: false };
}

/** How it is counted once it is known who is asking: by account, and with all of the same school. */
export function countedOf(actor: Actor, { doors, heavy }: AskedFor): readonly Counted[] {
  switch (actor.kind) {
    case 'anonymous':
      return doors;
    case 'unboundStaff':
      return [...doors, ...ofAccount(`staff:${actor.staffId}`, heavy)];
    case 'person':
      return [...doors, ...ofAccount(`person:${actor.personId}`, heavy)];
    case 'staff':
      return [...doors, ...ofAccount(`staff:${actor.staffId}`, heavy), { name: 'school', subject: actor.school }];
    case 'machine': {
      const subject = `machine:${actor.clientId}`;
      const counted: Counted[] = [...doors, { name: 'client', subject }, { name: 'school', subject: actor.school }];
      return heavy ? [...counted, { name: 'heavy', subject }] : counted;
    }
  }
}

function ofAccount(subject: string, heavy: boolean): Counted[] {
  const account: Counted = { name: 'account', subject };
  return heavy ? [account, { name: 'heavy', subject }] : [account];
}

/** Refusals first, the longest wait before the shorter; else what has the smallest share left. */
export function narrowestOf(arrivals: readonly Arrival[]): RateVerdict | null {
  const [narrowest = null] = arrivals
    .map(verdictOf)
    .toSorted(
      (a, b) => b.retryAfterSeconds - a.retryAfterSeconds || a.remaining / a.perMinute - b.remaining / b.perMinute,
    );
  return narrowest;
}

function verdictOf({ name, subject, perMinute, allowed, seconds }: Arrival): RateVerdict {
  const step = windowSeconds / perMinute;
  return {
    name,
    subject,
    perMinute,
    allowed,
    remaining: allowed ? Math.max(0, Math.floor((windowSeconds - seconds) / step)) : 0,
    resetSeconds: Math.ceil(seconds),
    retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil(seconds - windowSeconds + step)),
  };
}
