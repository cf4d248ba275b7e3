import { type ActorName, actorNames } from './actors.ts';
import type { RouteRow } from './routes.ts';

const everybody = actorNames;
const persons: readonly ActorName[] = ['linkedPerson', 'unlinkedPerson', 'paperPerson'];

/** OpenID4VP: nobody logs in, on either side. */
export const walletVerifierRows: readonly RouteRow[] = [
  { route: 'POST /api/presentation-requests', may: everybody, body: { kind: 'enrolmentCertificate' } },
  { route: 'GET /api/presentation-requests/{requestId}', may: everybody, absent: true },
  {
    route: 'POST /api/presentation-requests/{requestId}/number',
    body: { number: '000000' },
    may: everybody,
    absent: true,
  },
  { route: 'GET /verify/wallet', may: everybody, page: true },
  { route: 'POST /verify/wallet', body: 'kind=x', may: everybody, page: true },
  { route: 'GET /verify/wallet/{requestId}', may: everybody, absent: true, page: true },
  { route: 'GET /verify/wallet/{requestId}/state', may: everybody, page: true },
  { route: 'POST /verify/wallet/{requestId}/number', body: 'number=0', may: everybody, absent: true, page: true },
  { route: 'GET /verify/wallet/answered/{responseCode}', may: everybody, absent: true, page: true },
  { route: 'GET /verify/wallet/requests/{requestId}', may: everybody, absent: true },
  { route: 'POST /verify/wallet/requests/{requestId}', body: '', may: everybody, absent: true, page: true },
  { route: 'POST /verify/wallet/responses/{requestId}', body: 'x=1', may: everybody, absent: true, page: true },
];

const offer = '/issued-certificates/{certificateId}/wallet-offers';

/** OpenID4VCI: the holder's pages are persons' own, what wallets call is for whoever has the code. */
export const walletIssuerRows: readonly RouteRow[] = [
  { route: `POST ${offer}`, body: '', may: persons, absent: true, page: true },
  {
    route: 'GET /wallet/authorize',
    query: '?client_id=x&request_uri=x',
    may: everybody.filter((one) => one !== 'anonymous'),
    absent: true,
    page: true,
  },
  {
    route: 'POST /wallet/authorize',
    body: 'client_id=x',
    may: everybody.filter((one) => one !== 'anonymous'),
    absent: true,
    page: true,
  },
  { route: 'GET /.well-known/openid-credential-issuer/wallet', may: everybody },
  { route: 'GET /.well-known/oauth-authorization-server/wallet', may: everybody },
  { route: 'GET /wallet/offers/{offerId}', may: everybody, absent: true },
  { route: 'POST /wallet/nonce', may: everybody },
  { route: 'POST /wallet/par', body: 'x=1', may: everybody, page: true },
  { route: 'POST /wallet/token', body: 'x=1', may: everybody, page: true },
  // Without a token of its own it knows nobody, whoever asks.
  { route: 'POST /wallet/credential', body: {}, may: [], refusal: 'login', persons: 'login' },
];
