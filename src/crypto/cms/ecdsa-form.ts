import { derSequence, derUnsigned } from './der-write.ts';

/** r‖s as JWS and WebCrypto have it, turned into the SEQUENCE that CMS wants (RFC 3279 §2.2.3). */
export function ecdsaToDer(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2;
  return derSequence(derUnsigned(raw.subarray(0, half)), derUnsigned(raw.subarray(half)));
}
