import { Banner } from '../web/components/status.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import type { ProposalView } from './proposals.ts';

/** What has been proposed here and has no effect yet, and for whom it waits; one line for each. */
export function WaitingBanner({ locale, proposals }: { locale: Locale; proposals: readonly ProposalView[] }) {
  const waiting = proposals.filter(({ state }) => state === 'pending');
  if (waiting.length === 0) return null;
  return (
    <Banner
      locale={locale}
      tone="info"
      title={t(locale, 'proposal.waiting')}
      action={<a href="/proposals">{t(locale, 'proposal.title')}</a>}
    >
      <p>{t(locale, 'proposal.no-effect-yet')}</p>
      <ul>
        {waiting.map((proposal) => (
          <li>
            {t(locale, `proposal.kind-${proposal.kind}`)}
            {proposal.client !== null && `: ${proposal.client.name}`} — <Confirmers {...{ locale, proposal }} />
          </li>
        ))}
      </ul>
    </Banner>
  );
}

/** Who could be the second person, or plainly that nobody could. */
export function Confirmers({ locale, proposal }: { locale: Locale; proposal: ProposalView }) {
  if (proposal.confirmers.length === 0) return <>{t(locale, 'proposal.nobody')}</>;
  return (
    <>
      {t(locale, 'proposal.confirmers')}: <span lang="ja">{proposal.confirmers.join('、')}</span>
    </>
  );
}
