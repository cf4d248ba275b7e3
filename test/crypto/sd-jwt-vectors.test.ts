import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { signCompactJwt, verifyJws } from '../../src/crypto/jose.ts';
import { claimsReason } from '../../src/crypto/jose-claims.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { parseDisclosure } from '../../src/crypto/sd-jwt/disclosure.ts';
import { joinSdJwt } from '../../src/crypto/sd-jwt/format.ts';
import { holderReason } from '../../src/crypto/sd-jwt/holder.ts';
import { openSdJwt } from '../../src/crypto/sd-jwt/open.ts';
import { type DisclosureFrame, packClaims } from '../../src/crypto/sd-jwt/pack.ts';
import { presentSdJwt } from '../../src/crypto/sd-jwt/present.ts';
import { undisclosable } from '../../src/crypto/sd-jwt/rules.ts';
import type { JsonObject } from '../../src/crypto/strict-json.ts';
import { createHolder } from './support/credentials.ts';
import { valueOf } from './support/trust.ts';

type Jwk = Readonly<Record<string, unknown>>;
interface KeyBinding {
  readonly nonce: string;
  readonly audience: string;
}
interface Examples {
  readonly issuerKey: Jwk;
  readonly keyBinding: KeyBinding;
  readonly digests: readonly {
    readonly disclosure: string;
    readonly contents: readonly unknown[];
    readonly digest: string;
  }[];
  readonly tokens: readonly {
    readonly name: string;
    readonly token: string;
    readonly header: { readonly typ: string };
    readonly format: 'sd-jwt' | 'sd-jwt+kb';
    readonly processedPayload: JsonObject;
  }[];
}
interface Cases {
  readonly issuerKey: Jwk;
  readonly keyBinding: KeyBinding;
  readonly verificationTime: string;
  readonly keyBindingMaxAgeSeconds: number;
  readonly acceptedTyp: readonly [string];
  readonly cases: readonly {
    readonly id: number;
    readonly name: string;
    readonly token: string;
    readonly keyBindingRequired: boolean;
    readonly expected: 'valid' | 'invalid';
    readonly processedPayload?: JsonObject;
  }[];
}
interface FrameFile {
  readonly claims: JsonObject;
  readonly disclosureFrame?: LibraryFrame;
  readonly presentationFrames: Readonly<Record<string, unknown>>;
  readonly presentedClaims: JsonObject;
}
interface LibraryFrame {
  readonly _sd?: readonly (string | number)[];
  readonly _sd_decoy?: number;
  readonly [name: string]: unknown;
}

const folder = new URL('../../../shared/vectors/sd-jwt/', import.meta.url);
const present = existsSync(folder);
if (!present) console.warn('skipped: no SD-JWT vectors at ../shared/vectors/sd-jwt');

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
}

// Sound, here and below: the shapes of the published files.
const examples = () => read('rfc9901-examples.json') as Examples;

const withKey = (jwk: Jwk, typ: string) => async (jwt: string) =>
  verifyJws({ jws: jwt, algorithms: ['ES256'], typ, keyFrom: () => ({ jwk }) });

describe.skipIf(!present)('the examples of RFC 9901', () => {
  it('have the digests and contents that the text gives', async () => {
    const { digests } = examples();
    expect(digests).toHaveLength(83);
    for (const { disclosure, contents, digest } of digests) {
      const parsed = parseDisclosure(disclosure);
      expect(parsed.digest).toBe(digest);
      expect([parsed.name, parsed.value]).toEqual(contents.length === 3 ? contents.slice(1) : [null, contents[1]]);
    }
  });

  it('give the payload that they stand for', async () => {
    const { issuerKey, keyBinding, tokens } = examples();
    expect(tokens).toHaveLength(8);
    for (const { name, token, header, format, processedPayload } of tokens) {
      const opened = valueOf(await openSdJwt(token, withKey(issuerKey, header.typ)));
      expect([name, opened.claims]).toEqual([name, processedPayload]);
      // The examples carry the proof of a holder that was made at a time of its own.
      const expected = { ...keyBinding, maxAgeSeconds: 10 ** 9, spendNonce: () => Promise.resolve(true) };
      const at = new Date('2026-06-01T00:00:00Z');
      const reason = await holderReason(opened.parts, opened.claims, { expected, at });
      expect([name, reason]).toEqual([name, format === 'sd-jwt+kb' ? null : 'holder-missing']);
    }
  });
});

describe.skipIf(!present)('the verification cases after RFC 9901 §7', () => {
  async function verdictOf({ token, keyBindingRequired }: Cases['cases'][number], file: Cases) {
    const opened = await openSdJwt(token, withKey(file.issuerKey, file.acceptedTyp[0]));
    if (!opened.ok) return { reason: opened.fault };
    const { claims, disclosed, parts } = opened.value;
    const at = new Date(file.verificationTime);
    const expected = {
      ...file.keyBinding,
      maxAgeSeconds: file.keyBindingMaxAgeSeconds,
      spendNonce: () => Promise.resolve(true),
    };
    // As verifyCredential does it, without certificate and kind, which these tokens lack.
    const hidden = disclosed.some(({ path }) => undisclosable.includes(String(path[0])));
    const reason =
      (hidden ? 'claim-not-disclosable' : null) ??
      claimsReason(claims, { now: at, skewSeconds: 0 }) ??
      (await holderReason(parts, claims, { expected: keyBindingRequired ? expected : null, at }));
    return reason === null ? { claims } : { reason };
  }

  it('are decided as listed, each invalid one with a reason', async () => {
    const file = read('verification-cases.json') as Cases;
    const verdicts = await Promise.all(file.cases.map(async (one) => ({ ...one, ...(await verdictOf(one, file)) })));
    expect(verdicts).toHaveLength(59);
    for (const verdict of verdicts) {
      const { id, expected, processedPayload } = verdict;
      if (expected === 'valid') expect([id, 'claims' in verdict && verdict.claims]).toEqual([id, processedPayload]);
      else expect([id, 'claims' in verdict]).toEqual([id, false]);
    }
    const reasons = Object.fromEntries(
      verdicts.flatMap((verdict) => ('reason' in verdict ? [[verdict.id, verdict.reason]] : [])),
    );
    expect(reasons).toMatchObject({
      10: 'disclosure-unreferenced',
      14: 'signature-invalid',
      16: 'malformed',
      17: 'disclosure-repeated',
      18: 'digest-repeated',
      24: 'name-taken',
      26: 'name-reserved',
      28: 'disclosure-misplaced',
      36: 'disclosure-malformed',
      40: 'hash-unknown',
      41: 'holder-missing',
      42: 'holder-nonce-mismatch',
      43: 'holder-audience-mismatch',
      44: 'holder-signature-invalid',
      45: 'holder-type-mismatch',
      46: 'holder-hash-mismatch',
      52: 'holder-unbound',
      54: 'expired',
      55: 'not-yet-valid',
      56: 'claim-not-disclosable',
      57: 'type-mismatch',
      58: 'holder-expired',
      59: 'holder-not-yet-valid',
    });
    console.log(`RFC 9901: ${String(verdicts.length)} cases, ${String(Object.keys(reasons).length)} refused`);
  });
});

describe.skipIf(!present)('the frames of another implementation', async () => {
  const names = present ? readdirSync(new URL('frames/', folder)) : [];
  const signer = await createHolder();

  it('are fifteen', () => expect(names).toHaveLength(15));

  it.each(names)('%s gives the claims that were to be presented', async (name) => {
    const file = read(`frames/${name}`) as FrameFile;
    const { claims, disclosureFrame, presentationFrames, presentedClaims } = file;
    const packed = packClaims({ claims, frame: ours(disclosureFrame ?? {}), random: systemRandom });
    const jwt = await signCompactJwt({ claims: packed.payload, header: { typ: 'x' }, signer: signer.signer });
    const text = joinSdJwt(jwt, packed.disclosures);
    const shown = valueOf(await presentSdJwt(text, (path) => isShown(presentationFrames, path)));
    const opened = valueOf(await openSdJwt(shown, withKey(signer.jwk, 'x')));
    expect(opened.claims).toEqual(exceptions.get(name) ?? presentedClaims);
    const all = valueOf(await openSdJwt(text, withKey(signer.jwk, 'x')));
    expect(all.claims).toEqual(claims);
  });
});

/** RFC 9901 §7.1 takes digests away, never the object that they stood in: the empty object stays, where this file drops it. */
const exceptions: ReadonlyMap<string, JsonObject> = new Map([['array_none_disclosed.json', { is_over: {} }]]);

/** Their frame in our words. */
function ours(frame: LibraryFrame): DisclosureFrame {
  const { _sd: disclosable = [], _sd_decoy: decoys = 0, ...inner } = frame;
  // Sound: every other name in such a frame holds the frame of what lies there.
  const within = Object.entries(inner).map(([name, below]) => [name, ours(below as LibraryFrame)] as const);
  return { disclosable, decoys, within: Object.fromEntries(within) };
}

function isShown(frame: unknown, path: readonly (string | number)[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return frame === true || typeof frame === 'object';
  // Sound: an object by the line above; names are looked up, nothing else.
  return typeof frame === 'object' && frame !== null && isShown((frame as Record<string, unknown>)[step], rest);
}
