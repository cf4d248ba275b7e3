import { actorNames } from './actors.ts';
import type { RouteRow } from './routes.ts';

const everybody = actorNames;

/** OpenID4VP: nobody logs in, on either side. */
export const walletVerifierRows: readonly RouteRow[] = [
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
