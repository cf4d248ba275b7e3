import { ok, type Result, refuse } from '../../result.ts';
import { scanDer } from '../der.ts';
import { innerDer, membersOf, TAG } from '../der-reader.ts';
import type { TimestampReason, TimestampService } from '../timestamp.ts';
import { attribute } from './build.ts';
import { derElement, derSequence, derSetOf } from './der-write.ts';
import { oids } from './oids.ts';
import { type CmsReason, parseSignedData } from './parse.ts';

const maxCmsBytes = 256 * 1024;

/**
 * Puts the time stamp on a CAdES signature that somebody else made: baseline B becomes baseline T (ETSI EN 319 122-1
 * §5.3). What was signed is not touched. One that has unsigned attributes already is refused.
 */
export async function stampCades(
  cms: Uint8Array,
  timestamps: TimestampService,
): Promise<Result<Uint8Array, CmsReason | TimestampReason>> {
  const parsed = parseSignedData(cms);
  if (!parsed.ok) return parsed;
  if (parsed.value.unsignedAttributes.length > 0) return refuse('malformed');
  const token = await timestamps.stamp(parsed.value.signature);
  if (!token.ok) return token;
  // Sound: parseSignedData has seen each of these in its place.
  const [type, explicit] = membersOf(scanDer(cms, { maxBytes: maxCmsBytes }));
  if (type === undefined || explicit === undefined) return refuse('malformed');
  const parts = membersOf(innerDer(explicit));
  const signers = parts.at(-1);
  const [info] = signers === undefined ? [] : membersOf(signers, TAG.set);
  if (info === undefined) return refuse('malformed');
  const unsigned = derSetOf([attribute(oids.signatureTimeStamp, token.value)], 0xa1);
  const stamped = derSequence(...membersOf(info).map(({ bytes }) => bytes), unsigned);
  const signedData = derSequence(...parts.slice(0, -1).map(({ bytes }) => bytes), derSetOf([stamped]));
  return ok(derSequence(type.bytes, derElement(0xa0, signedData)));
}
