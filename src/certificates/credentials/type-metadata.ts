import { canonicalJson } from '../../crypto/jcs.ts';
import { toBase64 } from '../../crypto/jose-encoding.ts';
import type { IssuedKind } from '../../records/certificate-kinds.ts';
import { typeOf } from '../../records/credential-type.ts';
import type { MessageKey } from '../../web/locales/ja.ts';
import { t } from '../../web/text.ts';

/**
 * What wallets show of a credential of this kind (SD-JWT VC type metadata), in both languages: the same bytes every time.
 */
export function typeMetadata(origin: string, kind: IssuedKind): Uint8Array<ArrayBuffer> {
  const key = `certificate.${kind}` as const;
  return new Uint8Array(
    canonicalJson({
      vct: typeOf(origin, kind),
      name: t('en', key),
      description: t('en', 'credential.type-text'),
      display: locales.map(({ locale, tag }) => ({
        locale: tag,
        name: t(locale, key),
        description: t(locale, 'credential.type-text'),
      })),
      claims: [
        ...neverHidden.map((name) => claim(name, 'never')),
        ...hidable.map((name) => claim(name, 'always')),
        { path: ['subjects', null], sd: 'always' },
      ],
    }),
  );
}

/** `vct#integrity`: the hash of that page (W3C Subresource Integrity). */
export async function typeIntegrity(metadata: Uint8Array<ArrayBuffer>): Promise<string> {
  return `sha256-${toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', metadata)))}`;
}

const locales = [
  { locale: 'ja', tag: 'ja-JP' },
  { locale: 'en', tag: 'en-US' },
] as const;

const neverHidden = ['school_code', 'document_kind'] as const;
const hidable = [
  'school_name',
  'school_name_english',
  'certificate_number',
  'issued_on',
  'asked_kind',
  'official_name',
  'kana',
  'name_english',
  'birthdate',
  'course',
  'grade',
  'enrolled_on',
  'left_on',
  'assurance',
  'subjects',
] as const;

function claim(name: (typeof neverHidden)[number] | (typeof hidable)[number], sd: 'never' | 'always') {
  const key: MessageKey = `credential.claim-${name}`;
  return { path: [name], sd, display: locales.map(({ locale, tag }) => ({ locale: tag, label: t(locale, key) })) };
}
