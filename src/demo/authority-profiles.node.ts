import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { derUtf8String } from '../crypto/cms/der-write.ts';
import { JPKI_AUTHENTICATION_POLICY, JPKI_SIGNATURE_POLICY } from '../crypto/x509/jpki.ts';
import {
  type CertificateRequest,
  type DistinguishedNameParts,
  directoryDistributionPoint,
  type KeyKind,
  ocspNoCheck,
  otherNames,
} from './certificate-maker.node.ts';

const { digitalSignature, nonRepudiation, keyCertSign, cRLSign } = x509.KeyUsageFlags;

const documentSigning = '1.3.6.1.5.5.7.3.36';
const timeStamping = '1.3.6.1.5.5.7.3.8';
const ocspSigning = '1.3.6.1.5.5.7.3.9';
const clientAuthentication = '1.3.6.1.5.5.7.3.2';

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export function authorityProfile(
  subject: DistinguishedNameParts,
  keyKind: KeyKind,
  validity: Validity & { readonly pathLength: number },
): CertificateRequest {
  return { subject, keyKind, ...validity, keyUsage: keyCertSign | cRLSign };
}

/** A school's seal: named in Japanese, bound to the school code and to the issuer's address. */
export function sealProfile(
  school: { readonly name: string; readonly code: string; readonly town: string; readonly key: KeyKind },
  validity: Validity,
): CertificateRequest {
  return {
    subject: [{ C: ['JP'] }, { L: [school.town] }, { O: [school.name] }, { CN: [`${school.name} 電子公印`] }],
    keyKind: school.key,
    ...validity,
    keyUsage: digitalSignature | nonRepudiation,
    extendedKeyUsage: [[documentSigning], false],
    extra: [
      new x509.SubjectAlternativeNameExtension([
        { type: 'url', value: `https://hikitsugi.example/schools/${school.code}` },
      ]),
    ],
  };
}

/** RFC 3161 §2.3: the extended key usage is critical and nothing but time stamping. */
export function timeStampProfile(validity: Validity): CertificateRequest {
  return {
    subject: [{ C: ['JP'] }, { O: ['Hikitsugi 開発用'] }, { CN: ['開発用タイムスタンプ局 TSU-1'] }],
    keyKind: 'rsa-2048',
    ...validity,
    keyUsage: digitalSignature,
    extendedKeyUsage: [[timeStamping], true],
  };
}

export function evidenceProfile(validity: Validity): CertificateRequest {
  return {
    subject: [{ C: ['JP'] }, { O: ['Hikitsugi 開発用'] }, { CN: ['引継ぎゲートウェイ 証跡'] }],
    keyKind: 'p256',
    ...validity,
    keyUsage: digitalSignature | nonRepudiation,
    extendedKeyUsage: [[documentSigning], false],
  };
}

/** RFC 6960 §4.2.2.2: issued by the authority itself, for OCSP alone; nobody asks after its own status. */
export function ocspProfile(keyKind: KeyKind, validity: Validity): CertificateRequest {
  return {
    subject: [{ C: ['JP'] }, { O: ['JPKI-TEST'] }, { CN: ['開発用 OCSP レスポンダ'] }],
    keyKind,
    ...validity,
    keyUsage: digitalSignature,
    extendedKeyUsage: [[ocspSigning], false],
    extra: [ocspNoCheck()],
  };
}

/** 利用者証明用: nothing personal in it, only an identifier. */
export function authenticationProfile(id: string, keyKind: KeyKind, validity: Validity): CertificateRequest {
  return {
    subject: [{ C: ['JP'] }, { CN: [id] }],
    keyKind,
    ...validity,
    keyUsage: digitalSignature,
    extendedKeyUsage: [[clientAuthentication], false],
    policies: [[JPKI_AUTHENTICATION_POLICY], true],
    extra: [directoryDistributionPoint(crlName('authentication'))],
  };
}

export interface SignatureHolder {
  readonly name: string;
  readonly birthDate: string;
  readonly address: string;
}

/** 署名用: name, sex, birth date and address as otherNames; refused at log-in just for that. */
export function signatureProfile(id: string, holder: SignatureHolder, validity: Validity): CertificateRequest {
  const base = '1.2.392.200149.8.5.5';
  return {
    subject: [{ C: ['JP'] }, { CN: [id] }],
    keyKind: 'rsa-2048',
    ...validity,
    keyUsage: digitalSignature | nonRepudiation,
    policies: [[JPKI_SIGNATURE_POLICY], true],
    extra: [
      otherNames([
        [`${base}.1`, derUtf8String(holder.name)],
        [`${base}.2`, derUtf8String(substituteFlags(holder.name))],
        [`${base}.3`, derUtf8String('1')],
        [`${base}.4`, derUtf8String(`4${holder.birthDate.replaceAll('-', '')}`)], // 4 = Heisei, then the Gregorian date
        [`${base}.5`, derUtf8String(holder.address)],
        [`${base}.6`, derUtf8String(substituteFlags(holder.address))],
      ]),
      directoryDistributionPoint(crlName('signature')),
    ],
  };
}

/** One digit per character: none was substituted. */
function substituteFlags(text: string): string {
  return '0'.repeat(Array.from(text).length);
}

/** A certificate of the right authority for the wrong purpose: it may sign documents, not authenticate. */
export function wrongPurposeProfile(id: string, validity: Validity): CertificateRequest {
  return {
    subject: [{ C: ['JP'] }, { CN: [id] }],
    keyKind: 'p256',
    ...validity,
    keyUsage: nonRepudiation,
    extendedKeyUsage: [[documentSigning], false],
    extra: [directoryDistributionPoint(crlName('authentication'))],
  };
}

/** The one name that every generation of such an authority has. */
export function personAuthorityName(kind: 'authentication' | 'signature'): DistinguishedNameParts {
  return [
    { C: ['JP'] },
    { O: ['JPKI-TEST'] },
    { OU: [kind === 'authentication' ? 'JPKI-TEST for user authentication' : 'JPKI-TEST for digital signature'] },
    { OU: ['Hikitsugi Demonstration'] },
  ];
}

/** The directory name under which the revocation list is published; no URI, as with the real ones. */
export function crlName(kind: 'authentication' | 'signature'): DistinguishedNameParts {
  return [...personAuthorityName(kind), { CN: ['CRL-1'] }];
}
