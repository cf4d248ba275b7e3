import { buildSignedData } from './cms/build.ts';
import { derElement, derInteger, derSequence, derUtf8String } from './cms/der-write.ts';
import { oids } from './cms/oids.ts';
import { parseTimestampQuery, type TimestampQuery } from './cms/timestamp-query.ts';
import { tstInfo } from './cms/tst-info.ts';
import { digestOf, type Signer } from './signer.ts';

/**
 * Answers one RFC 3161 request, as a time-stamping server does. The answer is always a TimeStampResp as DER: granted
 * with a token, or a rejection (status 2) for what is malformed, an unknown hash or another policy.
 *
 * @param input.policy - the only policy of this server, dotted
 * @param input.serial - unique among all tokens of this server
 */
export async function createTimestampResponse(input: {
  readonly request: Uint8Array;
  readonly signer: Signer;
  readonly policy: string;
  readonly serial: bigint;
  readonly now: Date;
}): Promise<Uint8Array> {
  const parsed = parseTimestampQuery(input.request);
  if (!parsed.ok) return rejection(failure.badDataFormat, 'the request is malformed');
  const query = parsed.value;
  if (query.digest === null) return rejection(failure.badAlg, 'this hash is not accepted');
  if (query.imprint.length !== digestBytes[query.digest]) return rejection(failure.badDataFormat, 'imprint length');
  if (query.policy !== null && query.policy !== input.policy) {
    return rejection(failure.unacceptedPolicy, 'this policy is not offered');
  }
  const token = await signToken({ ...input, query });
  return derSequence(derSequence(derInteger(0)), token);
}

const digestBytes = { 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 } as const;

/** PKIFailureInfo bits (RFC 3161 §2.4.2). */
const failure = { badAlg: 0, badDataFormat: 5, unacceptedPolicy: 15 } as const;

async function signToken(input: {
  readonly query: TimestampQuery;
  readonly signer: Signer;
  readonly policy: string;
  readonly serial: bigint;
  readonly now: Date;
}): Promise<Uint8Array> {
  const { messageImprint, nonce, wantsCertificates } = input.query;
  const content = tstInfo({
    policy: input.policy,
    messageImprint,
    serial: input.serial,
    // Whole seconds: the accuracy is one second, and OpenSSL prints it so.
    genTime: new Date(Math.floor(input.now.getTime() / 1000) * 1000),
    nonce,
  });
  const hash = await crypto.subtle.digest(digestOf(input.signer.algorithm), new Uint8Array(content));
  return buildSignedData({
    contentType: oids.tstInfo,
    content,
    messageDigest: new Uint8Array(hash),
    signer: input.signer,
    certificates: wantsCertificates === 'yes' ? input.signer.chain : [],
    stamp: () => Promise.resolve(null),
  });
}

function rejection(bit: number, text: string): Uint8Array {
  const octets = new Uint8Array(Math.floor(bit / 8) + 1);
  octets[octets.length - 1] = 0x80 >> (bit % 8);
  // Named bit list: unused trailing bits are left out (X.690 §11.2.2).
  const failInfo = derElement(0x03, Uint8Array.of(7 - (bit % 8)), octets);
  return derSequence(derSequence(derInteger(2), derSequence(derUtf8String(text)), failInfo));
}
