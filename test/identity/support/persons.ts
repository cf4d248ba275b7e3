import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/clock.ts';
import { webCryptoSigner } from '../../../src/crypto/signer.ts';
import { parseX509Certificate } from '../../../src/crypto/x509/certificate.ts';
import { crlSource } from '../../../src/crypto/x509/crl.ts';
import type { TrustAnchor } from '../../../src/crypto/x509/path.ts';
import { type Authorities, openAuthorities } from '../../../src/demo/authorities.node.ts';
import type { Identity } from '../../../src/demo/certificate-maker.node.ts';
import { demoPassword, personCertificatePlans } from '../../../src/demo/person-certificates.ts';
import type { PersonTrust } from '../../../src/identity/services.ts';
import type { Browser } from './browser.ts';
import { origin } from './world.ts';

export interface Persons {
  readonly authorities: Authorities;
  readonly trust: PersonTrust;
  readonly crls: readonly Uint8Array[];
  close(): Promise<void>;
}

/** The personal certificates of the demonstration, good and bad, with their authorities and revocation lists. */
export async function openPersons(): Promise<Persons> {
  const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-persons-'));
  const authorities = await openAuthorities({
    folder,
    clock: systemClock,
    schools: [],
    persons: personCertificatePlans,
    password: demoPassword,
  });
  const names = await readdir(authorities.crlDirectory);
  const crls = await Promise.all(names.map((name) => readFile(join(authorities.crlDirectory, name))));
  const lists = crls.map((crl) => new Uint8Array(crl));
  return {
    authorities,
    crls: lists,
    trust: { anchors: anchorsOf(authorities), revocation: crlSource(lists), indexKey: randomBytes(32) },
    close: () => rm(folder, { recursive: true }),
  };
}

let made: Promise<Persons> | null = null;

/** The same without their files, once for whatever a process has to test: their keys take seconds. */
export function makePersons(): Promise<Persons> {
  made ??= openPersons().then(async (persons) => {
    await persons.close();
    return persons;
  });
  return made;
}

export function identityOf({ authorities }: Persons, id: string): Identity {
  const identity = authorities.persons.get(id);
  if (identity === undefined) throw new Error(`no certificate for ${id}`);
  return identity;
}

export interface LoginParts {
  readonly origin?: string;
  readonly purpose?: string;
  readonly challenge?: string;
  /** Signs with the key of another identity. */
  readonly keyOf?: Identity;
  readonly domain?: string;
}

interface Challenge {
  readonly id: string;
  readonly challenge: string;
}

export async function askForChallenge(browser: Browser, purpose = 'login'): Promise<Challenge> {
  const response = await browser.send('POST', '/api/login/challenges', { purpose });
  // Sound: the route's schema describes it.
  return (await response.json()) as Challenge;
}

/** What a client does with a challenge: composes the text from what it sees, and signs it. */
export async function proofFor(identity: Identity, issued: Challenge, parts: LoginParts = {}) {
  const { pkcs8, algorithm } = parts.keyOf ?? identity;
  const lines = [
    parts.domain ?? 'electronic-locker/login/v1',
    parts.origin ?? origin,
    parts.purpose ?? 'login',
    issued.id,
    parts.challenge ?? issued.challenge,
  ];
  const signer = await webCryptoSigner(pkcs8, [], algorithm);
  const signature = await signer.sign(new TextEncoder().encode(lines.join('\n')));
  return {
    challengeId: issued.id,
    certificates: identity.chain.map((der) => Buffer.from(der).toString('base64')),
    signature: Buffer.from(signature).toString('base64'),
  };
}

export async function logInAs(browser: Browser, identity: Identity, parts: LoginParts = {}): Promise<Response> {
  const proof = await proofFor(identity, await askForChallenge(browser), parts);
  return browser.send('POST', '/api/login/certificate', proof);
}

function anchorsOf(authorities: Authorities): TrustAnchor[] {
  return authorities.anchors.flatMap(({ name, purpose, algorithms, certificate }) => {
    const parsed = parseX509Certificate(certificate);
    if (!parsed.ok) throw new Error(`the anchor ${name} cannot be read`);
    return purpose === 'person' ? [{ name, algorithms, certificate: parsed.value }] : [];
  });
}
