import { DerError, type DerValue } from '../der.ts';
import { endOf, innerDer, membersOf, namedBitsOf, nextIf, openDer } from '../der-reader.ts';
import type { DistributionPoint } from './extension-types.ts';
import { readGeneralNames } from './general-names.ts';
import { readRdn } from './names.ts';

export function readDistributionPoints(value: DerValue): DistributionPoint[] {
  const points = membersOf(value).map(readDistributionPoint);
  if (points.length === 0) throw new DerError('der.structure');
  return points;
}

/** DistributionPointName, which also stands in the CRL's issuingDistributionPoint. `field` is the value tagged [0]. */
export function readPointName(field: DerValue | null): Pick<DistributionPoint, 'fullName' | 'relativeKey'> {
  if (field === null) return { fullName: null, relativeKey: null };
  const choice = innerDer(field);
  if (choice.tag === 0xa0) return { fullName: readGeneralNames(choice, 0xa0), relativeKey: null };
  const members = membersOf(choice, 0xa1);
  if (members.length === 0) throw new DerError('der.structure');
  return { fullName: null, relativeKey: readRdn(members).key };
}

function readDistributionPoint(value: DerValue): DistributionPoint {
  const cursor = openDer(value);
  const name = nextIf(cursor, 0xa0);
  const reasons = nextIf(cursor, 0x81);
  const crlIssuer = nextIf(cursor, 0xa2);
  endOf(cursor);
  // RFC 5280 §4.2.1.13: reasons alone is no distribution point.
  if (name === null && crlIssuer === null) throw new DerError('der.structure');
  return {
    ...readPointName(name),
    reasons: reasons === null ? null : namedBitsOf(reasons, 0x81),
    crlIssuer: crlIssuer === null ? null : readGeneralNames(crlIssuer, 0xa2),
  };
}
