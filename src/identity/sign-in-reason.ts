import * as oidc from 'openid-client';

export type SignInReason =
  | { readonly kind: 'unavailable'; readonly detail: string }
  | { readonly kind: 'cancelled'; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string };

/** What we ourselves find wrong with a provider or its answer, on its way out through the library. */
export class ProviderFault extends Error {
  override readonly name = 'ProviderFault';
  readonly reason: SignInReason;
  constructor(kind: SignInReason['kind'], detail: string) {
    super(`The OpenID provider: ${detail}`);
    this.reason = { kind, detail };
  }
}

/** Is the provider down, did the person cancel, or is the answer not to be believed? Anything else is a bug and throws. */
export function signInReason(error: unknown): SignInReason {
  const own = ownFault(error);
  if (own !== null) return own.reason;
  if (error instanceof oidc.AuthorizationResponseError) {
    return {
      kind: error.error === 'access_denied' ? 'cancelled' : 'refused',
      detail: `answer:${safeWord(error.error)}`,
    };
  }
  if (error instanceof oidc.ResponseBodyError) {
    const kind = error.status >= 500 ? 'unavailable' : 'refused';
    return { kind, detail: `token:${safeWord(error.error)}` };
  }
  if (error instanceof oidc.WWWAuthenticateChallengeError) return { kind: 'refused', detail: 'userinfo-refused' };
  if (error instanceof oidc.ClientError) return clientReason(error);
  // A connection that cannot be made is a TypeError of fetch.
  if (error instanceof TypeError) return { kind: 'unavailable', detail: 'connection' };
  // A body that stops coming: AbortSignal.timeout while it is read.
  if (error instanceof DOMException) return { kind: 'unavailable', detail: 'timeout' };
  throw error;
}

function ownFault(error: unknown): ProviderFault | null {
  if (error instanceof ProviderFault) return error;
  return error instanceof Error && error.cause !== undefined ? ownFault(error.cause) : null;
}

const brokenAnswers = [
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
];

function clientReason(error: oidc.ClientError): SignInReason {
  const code = error.code ?? 'unknown';
  return { kind: brokenAnswers.includes(code) ? 'unavailable' : 'refused', detail: safeWord(code) };
}

/** Error words come from outside: only what a code looks like goes into the log. */
function safeWord(word: string): string {
  return /^[\w.-]{1,60}$/.test(word) ? word : 'other';
}
