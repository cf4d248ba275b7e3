import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseX509Certificate, type X509Certificate } from '../../../src/crypto/x509/certificate.ts';
import { crlSource } from '../../../src/crypto/x509/crl.ts';
import { type PathReason, type TrustAnchor, verifyPath } from '../../../src/crypto/x509/path.ts';
import { PKITS_EXCEPTIONS } from './pkits-exceptions.ts';

const folder = new URL('../../../../shared/vectors/pkits/', import.meta.url);

const Case = z.object({
  id: z.string(),
  name: z.string(),
  endEntity: z.string(),
  intermediates: z.array(z.string()),
  otherCerts: z.array(z.string()),
  crls: z.array(z.string()),
  initialPolicySet: z.array(z.string()),
  initialExplicitPolicy: z.boolean(),
  initialPolicyMappingInhibit: z.boolean(),
  initialAnyPolicyInhibit: z.boolean(),
  expected: z.enum(['valid', 'invalid']),
  rejection: z.array(z.enum(['path', 'revoked', 'status-unknown'])).optional(),
  userConstrainedPolicySet: z.array(z.string()).optional(),
});
const Expectations = z.object({ validationTime: z.string(), trustAnchor: z.string(), cases: z.array(Case) });
type Case = z.infer<typeof Case>;

interface Answer {
  readonly valid: boolean;
  readonly kinds: readonly string[];
  readonly policies: readonly string[];
}

const isThere = existsSync(folder);
if (!isThere) console.log('PKITS skipped: ../shared/vectors/pkits is not there');

describe.skipIf(!isThere)('PKITS 2011', () => {
  const { cases, trustAnchor, validationTime } = isThere
    ? Expectations.parse(JSON.parse(new TextDecoder().decode(read('expectations.json'))))
    : { cases: [], trustAnchor: '', validationTime: '' };

  it.each(cases.map((each) => [each.id, each.name, each] as const))('%s %s', async (id, _name, each) => {
    const answer = await answerTo(each, { anchor: pkitsAnchor(trustAnchor), at: new Date(validationTime) });
    const wanted = expectedOf(each);
    // No exception may turn a refusal into an acceptance.
    if (each.expected === 'invalid') expect(answer.valid).toBe(false);
    if (id in PKITS_EXCEPTIONS) expect(matches(answer, wanted), 'an exception that is none: remove it').toBe(false);
    else expect(answer).toSatisfy((given: Answer) => matches(given, wanted));
  });

  it('holds 258 cases, and every exception names one of them', () => {
    const ids = new Set(cases.map(({ id }) => id));
    expect(ids.size).toBe(258);
    expect(Object.keys(PKITS_EXCEPTIONS).filter((id) => !ids.has(id))).toEqual([]);
    const listed = Object.keys(PKITS_EXCEPTIONS).length;
    console.log(
      `PKITS: ${ids.size} cases, ${ids.size - listed} as expected, ${listed} refused on purpose, no false accept`,
    );
  });
});

function read(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, folder)));
}

/** The relaxations that issue 3 names for PKITS, and two forms of its authorities that RFC 5280 asks for since. */
function pkitsAnchor(path: string): TrustAnchor {
  const certificate = parseX509Certificate(read(path));
  if (!certificate.ok) throw new Error(certificate.fault);
  return {
    name: 'PKITS',
    certificate: certificate.value,
    algorithms: ['rsa-pkcs1-sha256'],
    relax: [
      'serial-not-positive',
      'time-form',
      'leaf-is-authority',
      'unique-identifier',
      'policy-constraints-not-critical',
      'basic-constraints-not-critical',
    ],
  };
}

function parseAll(paths: readonly string[]): X509Certificate[] {
  return paths.map((path) => parseX509Certificate(read(path))).flatMap((result) => (result.ok ? [result.value] : []));
}

async function answerTo(each: Case, trust: { anchor: TrustAnchor; at: Date }): Promise<Answer> {
  const [leaf] = parseAll([each.endEntity]);
  if (leaf === undefined) return { valid: false, kinds: ['path'], policies: [] };
  const verdict = await verifyPath({
    leaf,
    pool: parseAll([...each.intermediates, ...each.otherCerts]),
    anchors: [trust.anchor],
    at: trust.at,
    purpose: {
      keyUsage: [],
      policy: each.initialPolicySet,
      policySettings: {
        explicit: each.initialExplicitPolicy,
        inhibitMapping: each.initialPolicyMappingInhibit,
        inhibitAny: each.initialAnyPolicyInhibit,
      },
    },
    revocation: crlSource(each.crls.map(read)),
  });
  return { valid: verdict.valid, kinds: verdict.reasons.map(({ code }) => kindOf(code)), policies: verdict.policies };
}

function kindOf(code: PathReason): string {
  if (code === 'revocation-unknown') return 'status-unknown';
  return code === 'revoked' ? 'revoked' : 'path';
}

interface Wanted {
  readonly valid: boolean;
  readonly kinds: readonly string[];
  readonly policies: readonly string[] | null;
}

function expectedOf({ expected, rejection, userConstrainedPolicySet }: Case): Wanted {
  return {
    valid: expected === 'valid',
    kinds: rejection ?? [],
    policies: userConstrainedPolicySet?.toSorted() ?? null,
  };
}

function matches(answer: Answer, wanted: Wanted): boolean {
  if (answer.valid !== wanted.valid) return false;
  if (!wanted.valid) return answer.kinds.length > 0 && answer.kinds.every((kind) => wanted.kinds.includes(kind));
  return wanted.policies === null || JSON.stringify(answer.policies) === JSON.stringify(wanted.policies);
}
