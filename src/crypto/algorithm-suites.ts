import type { X509Certificate } from './x509/certificate.ts';
import type { KeyKind, PublicKey } from './x509/public-key.ts';

/** What a signature of ours, or of somebody whom we believe, can be made with, and until when it stands by itself. */
export interface AlgorithmSuite {
  readonly id: string;
  readonly kind: KeyKind;
  /** Of the key, at least. */
  readonly bits: number;
  /** From then on it proves nothing, unless a time stamp of a suite that has not ended was put on top before. */
  readonly endsAt: Date;
}

/** The first moment of a year in Japan. */
function beginningOf(year: number): Date {
  return new Date(`${year}-01-01T00:00:00+09:00`);
}

/**
 * The one place where an algorithm ends: by its strength in bits, 112, 128 and 192, the last years in which CRYPTREC
 * LS-0003-2022 has something newly made with it. Look at it every spring; an end that comes earlier is moved here and the
 * renewal of evidence follows. Longest key first.
 */
const algorithmSuites: readonly AlgorithmSuite[] = [
  { id: 'rsa-3072', kind: 'rsa', bits: 3072, endsAt: beginningOf(2051) },
  { id: 'rsa-2048', kind: 'rsa', bits: 2048, endsAt: beginningOf(2031) },
  { id: 'ecdsa-p256', kind: 'p256', bits: 256, endsAt: beginningOf(2051) },
  { id: 'ecdsa-p384', kind: 'p384', bits: 384, endsAt: beginningOf(2071) },
  { id: 'ed25519', kind: 'ed25519', bits: 256, endsAt: beginningOf(2051) },
];

export function suiteOf({ kind, bits }: Pick<PublicKey, 'kind' | 'bits'>): AlgorithmSuite {
  const suite = algorithmSuites.find((one) => one.kind === kind && bits >= one.bits);
  if (suite === undefined) throw new Error('a key that is read has a suite');
  return suite;
}

export interface EvidenceEnd {
  readonly at: Date;
  readonly because: 'certificate' | 'algorithm';
}

/**
 * Until when what was signed under this path stands by itself: no certificate below the anchor has ended, and no key in it
 * is of a suite that has.
 *
 * @param path - leaf first, anchor last
 */
export function endOfEvidence(path: readonly X509Certificate[]): EvidenceEnd {
  const ends = [
    ...path.slice(0, -1).map(({ notAfter }) => ({ at: notAfter, because: 'certificate' as const })),
    ...path.map(({ publicKey }) => ({ at: suiteOf(publicKey).endsAt, because: 'algorithm' as const })),
  ];
  const [first] = ends.toSorted((left, right) => left.at.getTime() - right.at.getTime());
  if (first === undefined) throw new Error('a path has a certificate');
  return first;
}
