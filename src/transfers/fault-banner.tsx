import type { Fault } from '../faults.ts';
import { Banner } from '../web/components/status.tsx';
import type { Locale } from '../web/locale.ts';
import { problemOf } from '../web/problem.ts';

/** A refusal on top of the page it came from: what happened and what to do. */
export function FaultBanner({ locale, reason }: { readonly locale: Locale; readonly reason: Fault }) {
  const { title, detail } = problemOf(reason, locale, '');
  return (
    <Banner locale={locale} tone="danger" title={title}>
      <p>{detail}</p>
    </Banner>
  );
}
