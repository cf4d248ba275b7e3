/** RFC 9530 Repr-Digest: the SHA-256 in it as lower-case hex; null without one. Weaker algorithms are not looked at. */
export function parseReprDigest(header: string | null): string | null {
  if (header === null) return null;
  const member = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*(?:,|$)/.exec(header)?.[1];
  if (member === undefined) return null;
  return Buffer.from(member, 'base64').toString('hex');
}
