import { ButtonLink } from '../../web/components/button.tsx';
import { Banner, StatusChip } from '../../web/components/status.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { CopyView, RequestView } from './view.ts';
import { ownPath } from './words.tsx';

/** For the holder: what has become of a certificate since its issue, and what to do; nothing where it simply counts. */
export function CopyNews({ locale, copy }: { readonly locale: Locale; readonly copy: CopyView }) {
  const { number, state, revocation, declined, replacedBy } = copy;
  const reason = revocation === null ? '' : t(locale, `state.reason-${revocation}`);
  if (state === 'revoked') {
    return (
      <Banner locale={locale} tone="danger" title={t(locale, 'copy-news.revoked', { number })}>
        <p>{t(locale, 'copy-news.revoked-text', { reason })}</p>
      </Banner>
    );
  }
  if (state === 'superseded') {
    const action = replacedBy !== null && (
      <ButtonLink kind="secondary" href={`${ownPath}/${replacedBy.request}`}>
        {t(locale, 'copy-news.open-new', { number: replacedBy.number })}
      </ButtonLink>
    );
    return (
      <Banner locale={locale} tone="info" title={t(locale, 'copy-news.superseded', { number })} action={action}>
        <p>{t(locale, 'copy-news.superseded-text')}</p>
      </Banner>
    );
  }
  if (revocation !== null) {
    return (
      <Banner locale={locale} tone="warning" title={t(locale, 'copy-news.asked', { number })}>
        <p>{t(locale, 'copy-news.asked-text', { reason })}</p>
      </Banner>
    );
  }
  if (declined === null) return null;
  return (
    <Banner locale={locale} tone="success" title={t(locale, 'copy-news.kept', { number })}>
      <p>{t(locale, 'copy-news.kept-text', { reason: t(locale, `revoke.declined-${declined}`) })}</p>
    </Banner>
  );
}

/** The same in a word for a list, beside the state of the request; nothing where every copy simply counts. */
export function CopiesChip({ locale, request }: { readonly locale: Locale; readonly request: RequestView }) {
  const { certificates } = request;
  const has = (state: CopyView['state']) => certificates.some((copy) => copy.state === state);
  if (has('revoked')) return <StatusChip tone="danger">{t(locale, 'copy-news.chip-revoked')}</StatusChip>;
  if (certificates.some(({ state, revocation }) => state === 'valid' && revocation !== null)) {
    return <StatusChip tone="warning">{t(locale, 'copy-news.chip-asked')}</StatusChip>;
  }
  if (has('superseded')) return <StatusChip tone="info">{t(locale, 'copy-news.chip-superseded')}</StatusChip>;
  return null;
}
