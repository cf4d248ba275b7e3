import { shownName } from '../directory/shown-name.ts';
import { newProtectionPath, ProtectedBadge, protectionsPath } from '../web/components/protected.tsx';
import { PageHead } from '../web/components/section.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { formatDay } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import type { PupilView } from './list-pupils.ts';
import { classOf } from './words.tsx';

interface PupilsPageProps {
  readonly frame: PageFrame;
  readonly pupils: readonly PupilView[];
  readonly handles: boolean;
  /** May this reader protect one of them? */
  readonly protects: boolean;
}

/** The roll: names with their exact characters, and the two things that start from a pupil. */
export function PupilsPage({ frame, pupils, handles, protects }: PupilsPageProps) {
  const { locale } = frame;
  const title = t(locale, 'pupils.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'pupils.lead')} />
      <DataTable
        caption={title}
        rows={pupils}
        empty={<EmptyState title={t(locale, 'pupils.none')} />}
        columns={[
          {
            header: t(locale, 'case.pupil'),
            cell: (pupil) => (
              <span lang="ja">
                {shownName(pupil)} {pupil.isProtected && <ProtectedBadge locale={locale} />}
                <br />
                <span class="hint">{pupil.kana}</span>
              </span>
            ),
          },
          { header: t(locale, 'case.birth-date'), cell: (pupil) => formatDay(locale, pupil.birthDate) },
          { header: t(locale, 'pupils.grade'), cell: (pupil) => <span lang="ja">{classOf(pupil)}</span> },
          {
            header: t(locale, 'component.actions'),
            cell: (pupil) => (
              <div class="row-actions">
                {handles && (
                  <a href={`/cases/new?pupil=${pupil.id}`}>
                    {t(locale, 'pupils.send')}
                    <span class="visually-hidden"> ({shownName(pupil)})</span>
                  </a>
                )}
                <a href={`/linking/${pupil.id}`}>
                  {t(locale, 'pupils.link')}
                  <span class="visually-hidden"> ({shownName(pupil)})</span>
                </a>
                {protects && (
                  <a href={pupil.isProtected ? protectionsPath : newProtectionPath('pupil', pupil.id)}>
                    {t(locale, 'nav.protections')}
                    <span class="visually-hidden"> ({shownName(pupil)})</span>
                  </a>
                )}
              </div>
            ),
          },
        ]}
      />
    </Page>
  );
}
