import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import {
  authorityProfile,
  evidenceProfile,
  personAuthorityName,
  sealProfile,
  timeStampProfile,
  type Validity,
} from './authority-profiles.node.ts';
import {
  type Authority,
  type CertificateRequest,
  type Identity,
  issueCertificate,
  type KeyKind,
  reviveAuthority,
} from './certificate-maker.node.ts';
import { keepIdentity, pem, readOrNull, writePrivately, writeWhole } from './identity-file.node.ts';
import type { DemoResponder } from './ocsp.node.ts';
import { makePersonCertificates } from './person-authorities.node.ts';
import type { PersonCertificatePlan } from './person-certificates.ts';
import { makeResponders, openGenerations, withIssued } from './person-generations.node.ts';
import { writePkcs12 } from './pkcs12.node.ts';
import { refuseInProduction } from './production.node.ts';
import { issueRevocationLists } from './revocation-lists.node.ts';
import { days, years } from './validity.ts';

interface SealHolder {
  readonly code: string;
  readonly name: string;
  readonly town: string;
  readonly key: KeyKind;
}

export interface AuthoritiesInput {
  /** `.data/` or a temporary folder; everything private is written with mode 0600. */
  readonly folder: string;
  readonly clock: Clock;
  readonly schools: readonly SealHolder[];
  readonly persons: readonly PersonCertificatePlan[];
  readonly password: string;
}

export interface Anchor {
  readonly name: string;
  readonly purpose: 'seal' | 'person' | 'time' | 'evidence';
  readonly algorithms: readonly ('rsa-pkcs1-sha256' | 'ecdsa-p256-sha256' | 'ecdsa-p384-sha384')[];
  readonly certificate: Uint8Array<ArrayBuffer>;
}

export interface Authorities {
  readonly trustDirectory: string;
  readonly crlDirectory: string;
  readonly p12Directory: string;
  readonly anchors: readonly Anchor[];
  /** By school code. */
  readonly seals: ReadonlyMap<string, Identity>;
  /** Seals that must be refused. */
  readonly badSeals: Readonly<Record<BadSeal, Identity>>;
  /** By the id of the plan. */
  readonly persons: ReadonlyMap<string, Identity>;
  readonly timeStamp: Identity;
  /** Who answers for the person authorities of today and tomorrow. */
  readonly responders: readonly DemoResponder[];
  readonly evidence: Identity;
  readonly evidenceKeyFile: string;
  readonly evidenceCertificatesFile: string;
  /** Ed25519, PKCS#8 PEM. */
  readonly logKeyFile: string;
  /** New revocation lists with a higher number, valid for seven days from the clock's now. */
  reissueCrls(): Promise<void>;
}

type BadSeal = 'expired' | 'revoked' | 'unknownRoot';

interface Roots {
  readonly sealRoot: Authority;
  readonly sealIssuer: Authority;
  /** Generations under one name: ended, of today, the next, and that of the next card. */
  readonly authentication: readonly [Authority, Authority, Authority, Authority];
  readonly signature: Authority;
  readonly time: Authority;
  readonly gateway: Authority;
  /** An authority that nobody trusts. */
  readonly stranger: Authority;
}

/** The development authorities: made at the first start, read again at every later one. */
export async function openAuthorities(input: AuthoritiesInput): Promise<Authorities> {
  refuseInProduction('development authorities');
  const secrets = join(input.folder, 'authorities');
  const keep = (name: string, make: () => Promise<Identity>) => keepIdentity(join(secrets, name), make);
  const roots = await openRoots(keep, input.clock.now());
  const [seals, badSeals, persons, responding, timeStamp, evidence, logKeyFile] = await Promise.all([
    makeSeals({ keep, roots, schools: input.schools, now: input.clock.now() }),
    makeBadSeals({ keep, roots, now: input.clock.now() }),
    makePersonCertificates({ keep, authorities: roots, plans: input.persons, now: input.clock.now() }),
    makeResponders({ keep, authentication: roots.authentication, now: input.clock.now() }),
    keep('time-stamp', () => issueCertificate(timeStampProfile(years(input.clock.now(), 5)), roots.time)),
    keep('evidence', () => issueCertificate(evidenceProfile(years(input.clock.now(), 5)), roots.gateway)),
    keepLogKey(secrets),
  ]);
  const folders = {
    trustDirectory: join(input.folder, 'trust'),
    crlDirectory: join(input.folder, 'crl'),
    p12Directory: join(input.folder, 'p12'),
  };
  const reissueCrls = () =>
    issueRevocationLists({
      folder: folders.crlDirectory,
      secrets,
      now: input.clock.now(),
      authorities: roots,
      revoked: { seal: badSeals.revoked, person: persons.get('revoked') ?? null },
    });
  const anchors = anchorsOf(roots);
  await Promise.all([
    writeAnchors(folders.trustDirectory, anchors, roots.sealIssuer),
    writePersonFiles(folders.p12Directory, persons, input),
    writeSealFiles(folders.p12Directory, seals, input),
    reissueCrls(),
  ]);
  return {
    ...folders,
    anchors,
    seals,
    badSeals,
    persons,
    timeStamp,
    responders: withIssued(responding, { plans: input.persons, persons }),
    evidence,
    evidenceKeyFile: join(secrets, 'evidence.key.pem'),
    evidenceCertificatesFile: join(secrets, 'evidence.pem'),
    logKeyFile,
    reissueCrls,
  };
}

type Keep = (name: string, make: () => Promise<Identity>) => Promise<Identity>;

async function openRoots(keep: Keep, now: Date): Promise<Roots> {
  const validity = years(now, 10);
  async function root(name: string, request: CertificateRequest, issuer: Authority | null = null): Promise<Authority> {
    return reviveAuthority(await keep(name, () => issueCertificate(request, issuer)));
  }
  const named = (commonName: string) => [{ C: ['JP'] }, { O: ['Hikitsugi 開発用'] }, { CN: [commonName] }];
  const leafIssuer = { ...validity, pathLength: 0 };
  const authenticationName = personAuthorityName('authentication');
  const [sealRoot, authentication, signature, time, gateway, stranger] = await Promise.all([
    root('seal-root', authorityProfile(named('学校印 開発用ルート認証局'), 'rsa-3072', { ...validity, pathLength: 1 })),
    openGenerations(root, now),
    root('jpki-signature', authorityProfile(personAuthorityName('signature'), 'rsa-2048', leafIssuer)),
    root('time-root', authorityProfile(named('タイムスタンプ 開発用認証局'), 'p256', leafIssuer)),
    root('gateway-root', authorityProfile(named('引継ぎゲートウェイ 開発用認証局'), 'p256', leafIssuer)),
    // Same name as a trusted one: only the signature tells them apart.
    root('stranger', authorityProfile(authenticationName, 'p256', leafIssuer)),
  ]);
  const sealIssuer = await root(
    'seal-issuer',
    authorityProfile(named('学校印 開発用発行局'), 'rsa-3072', leafIssuer),
    sealRoot,
  );
  return { sealRoot, sealIssuer, authentication, signature, time, gateway, stranger };
}

async function makeSeals(input: {
  keep: Keep;
  roots: Roots;
  schools: readonly SealHolder[];
  now: Date;
}): Promise<ReadonlyMap<string, Identity>> {
  const made = await Promise.all(
    input.schools.map(async (school) => {
      const request = sealProfile(school, years(input.now, 5));
      const identity = await input.keep(`seal-${school.code}`, () => issueCertificate(request, input.roots.sealIssuer));
      return [school.code, identity] as const;
    }),
  );
  return new Map(made);
}

async function makeBadSeals(input: { keep: Keep; roots: Roots; now: Date }): Promise<Record<BadSeal, Identity>> {
  // A key that may be registered, so that these files are refused for what their certificates are.
  const holder = { name: '見本廃止学校', code: 'B101219999990', town: 'ひばり野市', key: 'rsa-2048' } as const;
  const { sealIssuer, stranger } = input.roots;
  const make = (name: BadSeal, issuer: Authority, validity: Validity) =>
    input.keep(`seal-bad-${name}`, () => issueCertificate(sealProfile(holder, validity), issuer));
  const [expired, revoked, unknownRoot] = await Promise.all([
    make('expired', sealIssuer, { notBefore: days(input.now, -400), notAfter: days(input.now, -35) }),
    make('revoked', sealIssuer, years(input.now, 5)),
    make('unknownRoot', stranger, years(input.now, 5)),
  ]);
  return { expired, revoked, unknownRoot };
}

function anchorsOf(roots: Roots): Anchor[] {
  const usual: Anchor['algorithms'] = ['rsa-pkcs1-sha256', 'ecdsa-p256-sha256'];
  const anchor = (name: string, purpose: Anchor['purpose'], authority: Authority, algorithms = usual): Anchor => ({
    name,
    purpose,
    algorithms,
    certificate: new Uint8Array(authority.certificate.rawData),
  });
  const [ended, current, next, nextCard] = roots.authentication;
  return [
    anchor('school-seal-ca', 'seal', roots.sealRoot),
    anchor('jpki-authentication-0', 'person', ended),
    anchor('jpki-authentication-1', 'person', current),
    anchor('jpki-authentication-2', 'person', next),
    // The next card has one algorithm, and its authority allows no other.
    anchor('jpki-authentication-3', 'person', nextCard, ['ecdsa-p384-sha384']),
    anchor('jpki-signature', 'person', roots.signature),
    anchor('tsa', 'time', roots.time),
    anchor('gateway', 'evidence', roots.gateway),
  ];
}

async function writeAnchors(folder: string, anchors: readonly Anchor[], sealIssuer: Authority): Promise<void> {
  await Promise.all([
    ...anchors.map((anchor) => writeWhole(join(folder, `${anchor.name}.pem`), pem('CERTIFICATE', anchor.certificate))),
    writeWhole(
      join(folder, 'intermediates', 'school-seal-issuing-ca.pem'),
      sealIssuer.chain.map((der) => pem('CERTIFICATE', der)).join(''),
    ),
  ]);
}

async function writePersonFiles(
  folder: string,
  persons: ReadonlyMap<string, Identity>,
  input: AuthoritiesInput,
): Promise<void> {
  for (const [id, identity] of persons) await keepPkcs12(join(folder, `${id}.p12`), identity, { ...input, id });
}

async function writeSealFiles(
  folder: string,
  seals: ReadonlyMap<string, Identity>,
  input: AuthoritiesInput,
): Promise<void> {
  for (const [code, seal] of seals) {
    await keepPkcs12(join(folder, 'seals', `${code}.p12`), seal, { ...input, id: `seal ${code}` });
  }
}

async function keepPkcs12(path: string, identity: Identity, label: { id: string; password: string }): Promise<void> {
  if ((await readOrNull(path)) !== null) return;
  await writePrivately(path, await writePkcs12(identity, label.password, label.id));
}

async function keepLogKey(folder: string): Promise<string> {
  const path = join(folder, 'log.key.pem');
  if ((await readOrNull(path)) === null) {
    const { privateKey } = generateKeyPairSync('ed25519');
    await writePrivately(path, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  }
  return path;
}
