import {
  type PathInput,
  type PathVerdict,
  type Purpose,
  type TrustAnchor,
  verifyPath,
} from '../../../src/crypto/x509/path.ts';
import { type RevocationSource } from '../../../src/crypto/x509/revocation.ts';
import { oid, sequence, tlv } from './der-writer.ts';
import {
  anchorOf,
  ID,
  makeAuthority,
  makeLeaf,
  NOW,
  named,
  parsed,
  type Recipe,
  type TestExtension,
  type TestName,
} from './make.ts';

export const DOCUMENT_SIGNING = '1.3.6.1.5.5.7.3.36';
export const purpose: Purpose = { keyUsage: ['digitalSignature'], extendedKeyUsage: DOCUMENT_SIGNING };
export const alwaysGood: RevocationSource = { check: () => Promise.resolve({ status: 'good' }) };

/** Root → Middle → Person, with short ways to make each of them differently. */
export interface TestWorld {
  readonly root: TestName;
  readonly middle: TestName;
  readonly person: TestName;
  readonly anchor: TrustAnchor;
  intermediate(changes?: Partial<Recipe>): Promise<Uint8Array>;
  leaf(changes?: Partial<Recipe>): Promise<Uint8Array>;
  verify(leaf: Uint8Array, pool: readonly Uint8Array[], changes?: Partial<PathInput>): Promise<PathVerdict>;
}

export async function testWorld(): Promise<TestWorld> {
  const [root, middle, person] = await Promise.all([named('Root'), named('Middle'), named('Person')]);
  const anchor = anchorOf(await makeAuthority({ subject: root, issuer: root }));
  return {
    root,
    middle,
    person,
    anchor,
    intermediate: (changes) => makeAuthority({ subject: middle, issuer: root, ...changes }),
    leaf: (changes) => makeLeaf({ subject: person, issuer: middle, ...changes }),
    verify: (leaf, pool, changes) => {
      const usual = { anchors: [anchor], at: NOW, purpose, revocation: alwaysGood };
      return verifyPath({ leaf: parsed(leaf), pool: pool.map(parsed), ...usual, ...changes });
    },
  };
}

export function codes({ reasons }: PathVerdict): string[] {
  return reasons.map(({ code }) => code);
}

export function constraints(tag: number, ...bases: readonly Uint8Array[]): TestExtension {
  return { oid: ID.nameConstraints, critical: true, value: sequence(tlv(tag, ...bases.map((base) => sequence(base)))) };
}

export function alternatives(...names: readonly Uint8Array[]): TestExtension {
  return { oid: ID.alternativeNames, value: sequence(...names) };
}

export function policies(...oids: readonly string[]): TestExtension {
  return { oid: ID.policies, value: sequence(...oids.map((policy) => sequence(oid(policy)))) };
}
