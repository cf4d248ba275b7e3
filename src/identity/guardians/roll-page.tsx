import { Actions, ButtonLink } from '../../web/components/button.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import type { PupilView } from '../links/links.ts';
import { guardiansPath, linkingPath, NameOf, pendingPath } from './words.tsx';

interface RollProps {
  readonly frame: PageFrame;
  readonly pupils: readonly PupilView[];
  readonly next: string | null;
}

/** The school's pupils, each with the way to its guardians, links and codes. */
export function LinkingRollPage({ frame, pupils, next }: RollProps) {
  const { locale } = frame;
  const title = t(locale, 'linking.title');
  const pending = (
    <ButtonLink kind="secondary" href={pendingPath}>
      {t(locale, 'pending.title')}
    </ButtonLink>
  );
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'linking.lead')} actions={pending} />
      <DataTable
        caption={title}
        rows={pupils}
        empty={<EmptyState title={t(locale, 'linking.empty')} />}
        columns={[
          { header: t(locale, 'linking.pupil'), cell: (pupil) => <NameOf {...pupil} /> },
          { header: t(locale, 'linking.homeroom'), cell: ({ homeroom }) => <span lang="ja">{homeroom}</span> },
          {
            header: t(locale, 'linking.action'),
            cell: ({ id, name }) => (
              <a href={guardiansPath(id)}>
                {t(locale, 'linking.open')}
                <span class="visually-hidden">: {name}</span>
              </a>
            ),
          },
        ]}
      />
      {next !== null && (
        <Actions>
          <ButtonLink kind="secondary" href={`${linkingPath}?after=${encodeURIComponent(next)}`}>
            {t(locale, 'linking.more')}
          </ButtonLink>
        </Actions>
      )}
    </Page>
  );
}
