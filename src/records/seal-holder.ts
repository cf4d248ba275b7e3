import type { X509Certificate } from '../crypto/x509/certificate.ts';

/**
 * The code of the school that a seal certificate names, in a URI that ends in `/schools/<code>`; null when it names none
 * by code: then only its subject tells whose it is, and people compare that.
 */
function schoolOfSeal({ extensions }: X509Certificate): string | null {
  for (const name of extensions.subjectAltNames?.names ?? []) {
    const code = name.kind === 'uri' ? /\/schools\/([A-Z]\d{12})$/.exec(name.text)?.[1] : undefined;
    if (code !== undefined) return code;
  }
  return null;
}

/** A good seal of another school is no seal of this one. */
export function isSealOfAnother(certificate: X509Certificate, school: string): boolean {
  const named = schoolOfSeal(certificate);
  return named !== null && named !== school;
}
