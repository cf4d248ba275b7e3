import 'reflect-metadata';
import { join } from 'node:path';
import { X509Certificate } from '@peculiar/x509';
import { crlName } from './authority-profiles.node.ts';
import { type Authority, type Identity, issueCrl, issuingDistributionPoint } from './certificate-maker.node.ts';
import { readOrNull, writeWhole } from './identity-file.node.ts';
import { days } from './validity.ts';

export interface RevocationListsInput {
  readonly folder: string;
  /** Where the number of the last lists is kept. */
  readonly secrets: string;
  readonly now: Date;
  readonly authorities: {
    readonly sealRoot: Authority;
    readonly sealIssuer: Authority;
    readonly authentication: readonly [Authority, Authority, Authority, Authority];
    readonly signature: Authority;
    readonly time: Authority;
    readonly gateway: Authority;
  };
  readonly revoked: { readonly seal: Identity; readonly person: Identity | null };
}

/** Writes one list per authority, DER, `<name>.crl`, valid for seven days. */
export async function issueRevocationLists(input: RevocationListsInput): Promise<void> {
  const { authorities: from, revoked } = input;
  const [, current, next, nextCard] = from.authentication;
  const number = await nextNumber(input.secrets);
  const authenticationPoint = issuingDistributionPoint(crlName('authentication'));
  const lists = [
    { name: 'school-seal-root', issuer: from.sealRoot },
    { name: 'school-seal-issuing', issuer: from.sealIssuer, revoked: revoked.seal },
    {
      name: 'jpki-authentication-1',
      issuer: current,
      revoked: revoked.person,
      point: authenticationPoint,
    },
    { name: 'jpki-authentication-2', issuer: next, point: authenticationPoint },
    { name: 'jpki-authentication-3', issuer: nextCard, point: authenticationPoint },
    { name: 'jpki-signature', issuer: from.signature, point: issuingDistributionPoint(crlName('signature')) },
    { name: 'tsa', issuer: from.time },
    { name: 'gateway', issuer: from.gateway },
  ];
  await Promise.all(
    lists.map(async (list) => {
      const der = await issueCrl(list.issuer, {
        number,
        thisUpdate: new Date(input.now.getTime() - 60_000),
        nextUpdate: days(input.now, 7),
        revoked: list.revoked ? [revocationOf(list.revoked)] : [],
        extra: list.point ? [list.point] : [],
      });
      await writeWhole(join(input.folder, `${list.name}.crl`), der);
    }),
  );
}

// RFC 5280 §5.2.3: the number only ever grows, also over restarts.
async function nextNumber(folder: string): Promise<bigint> {
  const path = join(folder, 'crl-number');
  const number = BigInt((await readOrNull(path))?.trim() ?? '0') + 1n;
  await writeWhole(path, `${number}\n`);
  return number;
}

/** Revoked from its first day on, so that every start writes the same date. */
function revocationOf(identity: Identity): { serialNumber: string; at: Date } {
  const [leaf] = identity.chain;
  if (!leaf) throw new Error('An identity without a certificate');
  const certificate = new X509Certificate(leaf);
  return { serialNumber: certificate.serialNumber, at: certificate.notBefore };
}
