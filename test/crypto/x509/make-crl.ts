import { hex, integer, sequence, time, tlv } from './der-writer.ts';
import { dn, ECDSA_SHA256, encodeExtension, signed, type TestExtension, type TestKey, type TestName } from './make.ts';

export const CRL = {
  number: '2.5.29.20',
  reason: '2.5.29.21',
  invalidity: '2.5.29.24',
  delta: '2.5.29.27',
  scope: '2.5.29.28',
};

export interface CrlRecipe {
  readonly issuer: TestName;
  /** Signs instead of the issuer's key. */
  readonly key?: TestKey;
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date | null;
  readonly revoked?: readonly TestEntry[];
  /** Replaces crlNumber when it has its OID. */
  readonly extensions?: readonly TestExtension[];
  readonly without?: readonly string[];
}

export interface TestEntry {
  /** Content octets. */
  readonly serial: Uint8Array;
  readonly at?: Date;
  readonly extensions?: readonly TestExtension[];
}

/** A good, empty list of 14 to 16 June 2026, but for what the recipe changes. */
export async function makeCrl(recipe: CrlRecipe): Promise<Uint8Array> {
  const changed = new Set([...(recipe.without ?? []), ...(recipe.extensions ?? []).map(({ oid }) => oid)]);
  const usual = [{ oid: CRL.number, value: integer(7) }].filter(({ oid }) => !changed.has(oid));
  const extensions = [...usual, ...(recipe.extensions ?? [])];
  const nextUpdate = recipe.nextUpdate === undefined ? new Date('2026-06-16T00:00:00Z') : recipe.nextUpdate;
  const tbs = sequence(
    hex('020101'),
    ECDSA_SHA256,
    dn(recipe.issuer.name),
    time(recipe.thisUpdate ?? new Date('2026-06-14T00:00:00Z')),
    ...(nextUpdate === null ? [] : [time(nextUpdate)]),
    ...(recipe.revoked === undefined ? [] : [sequence(...recipe.revoked.map(encodeEntry))]),
    ...(extensions.length === 0 ? [] : [tlv(0xa0, sequence(...extensions.map(encodeExtension)))]),
  );
  return signed(tbs, recipe.key ?? recipe.issuer.key);
}

function encodeEntry({ serial, at, extensions }: TestEntry): Uint8Array {
  const date = time(at ?? new Date('2026-06-01T00:00:00Z'));
  const more = extensions === undefined ? [] : [sequence(...extensions.map(encodeExtension))];
  return sequence(tlv(0x02, serial), date, ...more);
}
