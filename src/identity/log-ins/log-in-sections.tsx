import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { Form } from '../../web/components/form.tsx';
import { Section } from '../../web/components/section.tsx';
import { StatusChip } from '../../web/components/status.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import type { Tone } from '../../web/components/tone.ts';
import { formatDateTime } from '../../web/format.ts';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { browserName } from '../browser-name.ts';
import { renewPath } from '../guardians/words.tsx';
import type { LogInView, WayView } from './list-log-ins.ts';
import type { LogInOutcome } from './tables.ts';

export interface OwnLogIns {
  readonly logIns: readonly LogInView[];
  /** Null for staff, whose ways are their provider's. */
  readonly ways: OwnWays | null;
}

interface OwnWays {
  readonly list: readonly WayView[];
  /** デジタル認証アプリ; null where the operator has none. */
  readonly personProviderId: string | null;
  /** A paper adds and removes nothing. */
  readonly mayChange: boolean;
}

/** The ways in which this human comes in, whichever they are: what there is, what to add, what to take away. */
export function WaysSection({ locale, own }: { readonly locale: Locale; readonly own: OwnWays }) {
  return (
    <Section id="ways" title={t(locale, 'way.title')} lead={t(locale, 'way.lead')}>
      <DataTable
        caption={t(locale, 'way.title')}
        rows={own.list}
        empty={<EmptyState title={t(locale, 'way.none')}>{t(locale, 'way.none-text')}</EmptyState>}
        columns={[
          {
            header: t(locale, 'way.kind'),
            cell: ({ assurance, state }) => (
              <>
                {t(locale, `level.${assurance}`)}{' '}
                {state === 'expired' && <StatusChip tone="neutral">{t(locale, 'way.expired')}</StatusChip>}
              </>
            ),
          },
          { header: t(locale, 'way.since'), cell: ({ addedAt }) => formatDateTime(locale, addedAt) },
          {
            header: t(locale, 'way.last'),
            cell: ({ lastUsedAt }) =>
              lastUsedAt === null ? t(locale, 'way.unused') : formatDateTime(locale, lastUsedAt),
          },
          {
            header: t(locale, 'session.action'),
            cell: (way) => <RemoveWay locale={locale} way={way} mayChange={own.mayChange} />,
          },
        ]}
      />
      {own.mayChange ? <AddWay locale={locale} own={own} /> : <p class="hint">{t(locale, 'way.paper')}</p>}
    </Section>
  );
}

function RemoveWay(props: { readonly locale: Locale; readonly way: WayView; readonly mayChange: boolean }) {
  const { locale, way, mayChange } = props;
  if (!mayChange) return <>—</>;
  if (!way.mayRemove) return <span class="hint">{t(locale, 'way.last-one')}</span>;
  return (
    <Form locale={locale} action="/login-ways/removal" hidden={{ way: way.id }} inline>
      <Button kind="secondary">
        {t(locale, 'way.remove')}
        <span class="visually-hidden">: {t(locale, `level.${way.assurance}`)}</span>
      </Button>
    </Form>
  );
}

function AddWay({ locale, own }: { readonly locale: Locale; readonly own: OwnWays }) {
  return (
    <>
      <p class="hint">{t(locale, 'way.add-hint')}</p>
      <Actions>
        <ButtonLink href={renewPath} kind="secondary">
          {t(locale, 'renew.title')}
        </ButtonLink>
      </Actions>
      {own.personProviderId !== null && (
        <Form locale={locale} action="/login-ways/account" hidden={{ provider: own.personProviderId }}>
          <Actions>
            <Button kind="secondary">{t(locale, 'way.add-app')}</Button>
          </Actions>
        </Form>
      )}
    </>
  );
}

const tones: Readonly<Record<LogInOutcome, Tone>> = {
  done: 'success',
  refused: 'danger',
  added: 'info',
  removed: 'neutral',
};

/** What happened to the log-ins of this human. */
export function HistorySection({ locale, logIns }: { readonly locale: Locale; readonly logIns: readonly LogInView[] }) {
  return (
    <Section id="history" title={t(locale, 'log-in.title')} lead={t(locale, 'log-in.lead')}>
      <DataTable
        caption={t(locale, 'log-in.title')}
        rows={logIns}
        empty={<EmptyState title={t(locale, 'log-in.none')} />}
        columns={[
          { header: t(locale, 'log-in.when'), cell: ({ at }) => formatDateTime(locale, at) },
          { header: t(locale, 'session.level'), cell: ({ assurance }) => t(locale, `level.${assurance}`) },
          {
            header: t(locale, 'log-in.outcome'),
            cell: ({ outcome, reason }) => (
              <>
                <StatusChip tone={tones[outcome]}>{t(locale, `log-in.${outcome}`)}</StatusChip>
                {reason !== null && <p class="hint">{t(locale, `log-in.reason-${reason}`)}</p>}
              </>
            ),
          },
          {
            header: t(locale, 'session.browser'),
            cell: ({ browser }) => browserName(browser) ?? t(locale, 'session.unknown-browser'),
          },
          { header: t(locale, 'session.action'), cell: (line) => <NotMe locale={locale} line={line} /> },
        ]}
      />
    </Section>
  );
}

function NotMe({ locale, line }: { readonly locale: Locale; readonly line: LogInView }) {
  if (line.disownedAt !== null) return <StatusChip tone="warning">{t(locale, 'log-in.disowned')}</StatusChip>;
  return (
    <Form locale={locale} action="/log-ins/disowning" hidden={{ logIn: line.id }} inline>
      <Button kind="secondary">{t(locale, 'log-in.not-me')}</Button>
    </Form>
  );
}
