import { SummaryList } from '../../web/components/summary-list.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { scopesText } from './pages.tsx';
import type { ProposedClientView } from './proposed-client.ts';

/** What a second person has to look at: which system, which key, and what it might and may then do. */
export function ProposedClientList({ locale, client }: { locale: Locale; client: ProposedClientView }) {
  const { before, thumbprint, overlapDays } = client;
  const changed = (was: string | undefined, will: string) =>
    was === undefined || was === will ? will : t(locale, 'client.from-to', { was, will });
  const perMinute = changed(before?.requestsPerMinute.toString(), String(client.requestsPerMinute));
  const perDay = changed(before?.uploadsPerDay.toString(), String(client.uploadsPerDay));
  return (
    <SummaryList
      rows={[
        { label: t(locale, 'client.name'), value: changed(before?.name, client.name) },
        { label: t(locale, 'client.vendor'), value: changed(before?.vendor || undefined, client.vendor || '—') },
        { label: t(locale, 'client.id'), value: <code class="digest">{client.id}</code> },
        { label: t(locale, 'client.scopes'), value: scopesText(locale, client.scopes) },
        ...(before === null
          ? []
          : [{ label: t(locale, 'client.scopes-before'), value: scopesText(locale, before.scopes) }]),
        { label: t(locale, 'client.per-minute'), value: perMinute },
        { label: t(locale, 'client.per-day'), value: perDay },
        ...(thumbprint === null
          ? []
          : [{ label: t(locale, 'client.thumbprint'), value: <code class="digest">{thumbprint}</code> }]),
        ...(overlapDays === null ? [] : [{ label: t(locale, 'client.overlap'), value: overlapDays }]),
      ]}
    />
  );
}
