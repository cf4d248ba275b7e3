import { authorityProfile, ocspProfile, personAuthorityName, type Validity } from './authority-profiles.node.ts';
import { type Authority, type CertificateRequest, type Identity, issueCertificate } from './certificate-maker.node.ts';
import type { DemoResponder } from './ocsp.node.ts';
import type { PersonCertificatePlan } from './person-certificates.ts';
import { days, years } from './validity.ts';

type Generations = readonly [Authority, Authority, Authority, Authority];

/** Four authorities under one name, as JPKI has them: only their keys, and what they signed, tell them apart. */
export async function openGenerations(
  root: (name: string, request: CertificateRequest) => Promise<Authority>,
  now: Date,
): Promise<Generations> {
  const name = personAuthorityName('authentication');
  const generation = (number: number, keyKind: 'rsa-2048' | 'p384', validity: Validity) =>
    root(`jpki-authentication-${number}`, authorityProfile(name, keyKind, { ...validity, pathLength: 0 }));
  return Promise.all([
    generation(0, 'rsa-2048', { notBefore: days(now, -3_650), notAfter: days(now, -33) }),
    generation(1, 'rsa-2048', years(now, 10)),
    generation(2, 'rsa-2048', years(now, 10)),
    generation(3, 'p384', years(now, 10)),
  ]);
}

interface Responding {
  readonly name: string;
  readonly identity: Identity;
  readonly issuer: Uint8Array;
  readonly generation: PersonCertificatePlan['generation'];
}

/** The next generations have responders; for the one of today there are lists alone. */
export async function makeResponders(input: {
  keep: (name: string, make: () => Promise<Identity>) => Promise<Identity>;
  authentication: Generations;
  now: Date;
}): Promise<readonly Responding[]> {
  return Promise.all(
    ([2, 3] as const).map(async (generation) => {
      const issuer = input.authentication[generation];
      const name = `jpki-authentication-${generation}`;
      const request = ocspProfile(generation === 3 ? 'p384' : 'rsa-2048', years(input.now, 1));
      const identity = await input.keep(`ocsp-${generation}`, () => issueCertificate(request, issuer));
      return { name, identity, issuer: new Uint8Array(issuer.certificate.rawData), generation };
    }),
  );
}

/** What each responder's authority has issued to the persons of the demonstration. */
export function withIssued(
  responding: readonly Responding[],
  made: { readonly plans: readonly PersonCertificatePlan[]; readonly persons: ReadonlyMap<string, Identity> },
): readonly DemoResponder[] {
  return responding.map(({ generation, ...responder }) => {
    const issued = made.plans.flatMap(({ id, shape, generation: of }) => {
      const [certificate] = made.persons.get(id)?.chain ?? [];
      if (certificate === undefined || of !== generation) return [];
      if (shape !== 'authentication' && shape !== 'revoked') return [];
      return [{ certificate, status: shape === 'revoked' ? ('revoked' as const) : ('good' as const) }];
    });
    return { ...responder, issued };
  });
}
