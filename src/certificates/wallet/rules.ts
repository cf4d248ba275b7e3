/**
 * `open`: nobody has redeemed it · `redeemed`: a token is out · `issued`: the credential is in a wallet · `closed`: too many wrong
 * numbers, or something came twice.
 */
export type OfferState = 'open' | 'redeemed' | 'issued' | 'closed';

/** `pushed`: the wallet has asked · `granted`: its owner has agreed · `used`: the code has been exchanged. */
export type AuthorizationState = 'pushed' | 'granted' | 'used';

/** How long an offer can be redeemed: long enough to install no wallet, too short to be forgotten on a screen. */
export const offerMinutes = 10;

/** For the way from the wallet over the log-in and back. */
export const authorizationMinutes = 10;

export const codeSeconds = 60;
export const tokenSeconds = 300;
export const nonceSeconds = 300;

/** A number of six digits and five tries. */
export const pinDigits = 6;
export const maxPinMisses = 5;

/** Offers of one person that are still open: nobody needs more at a time. */
export const maxOpenOffers = 5;

export function secondsAfter(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000);
}

/** Of schemes that a browser runs or reads by itself, none is a wallet. */
const walletSchemes = /^(https|(haip|openid|eudi)[a-z0-9-]*|[a-z][a-z0-9-]*(\.[a-z0-9-]+)+):$/;

/**
 * Where an authorization may lead back to: a page, or an app by a scheme of its own (RFC 8252 §7.1) or one of those that wallets have
 * agreed on. On this machine alone also by http (§7.3). Pure.
 */
export function isWalletAddress(text: string): boolean {
  const url = text.length <= 500 ? URL.parse(text) : null;
  if (url === null || text.includes('#') || url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'http:') return url.hostname === '127.0.0.1' || url.hostname === '[::1]';
  return walletSchemes.test(url.protocol);
}
