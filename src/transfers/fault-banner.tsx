import type { Fault } from '../faults.ts';
import { Banner } from '../web/components/status.tsx';
import { accountPaths } from '../web/layout/header.tsx';
import type { Locale } from '../web/locale.ts';
import { problemOf } from '../web/problem.ts';
import { t } from '../web/text.ts';

/** A refusal on top of the page it came from: what happened and what to do. */
export function FaultBanner({ locale, reason }: { readonly locale: Locale; readonly reason: Fault }) {
  const { title, detail } = problemOf(reason, locale, '');
  if (reason.code === 'login.fresh-required') {
    // In a tab of its own, so that the form with what was typed stays here; the session’s cookie is that of all tabs.
    const action = (
      <a href={accountPaths.again} target="_blank" rel="noopener">
        {t(locale, 'again.new-tab')}
      </a>
    );
    return (
      <Banner locale={locale} tone="warning" title={title} action={action}>
        <p>{t(locale, 'again.keep')}</p>
      </Banner>
    );
  }
  return (
    <Banner locale={locale} tone="danger" title={title}>
      <p>{detail}</p>
    </Banner>
  );
}
