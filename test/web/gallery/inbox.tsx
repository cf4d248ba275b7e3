import { Button, ButtonLink } from '../../../src/web/components/button.tsx';
import { SelectField } from '../../../src/web/components/choices.tsx';
import { TextField } from '../../../src/web/components/fields.tsx';
import { Form } from '../../../src/web/components/form.tsx';
import { Pagination } from '../../../src/web/components/pagination.tsx';
import { PageHead, Section } from '../../../src/web/components/section.tsx';
import { Banner, StatusChip } from '../../../src/web/components/status.tsx';
import { DataTable, EmptyState } from '../../../src/web/components/table.tsx';
import { Time } from '../../../src/web/components/timeline.tsx';
import { Page, type PageFrame } from '../../../src/web/layout.tsx';
import { say } from './frame.tsx';

const rows = [
  {
    name: '𠮷田 翔',
    kana: 'よしだ しょう',
    from: 'みどり市立青葉小学校',
    at: '2027-03-25T02:10:00Z',
    tone: 'warning',
    files: 4,
  },
  {
    name: '辻󠄀 さくら',
    kana: 'つじ さくら',
    from: '学校法人 星の丘学園 星の丘小学校',
    at: '2027-03-24T07:41:00Z',
    tone: 'info',
    files: 5,
  },
  { name: '李', kana: 'り', from: 'みどり市立若葉小学校', at: '2027-03-20T00:30:00Z', tone: 'success', files: 3 },
] as const;

export function InboxPage(frame: PageFrame) {
  const { locale } = frame;
  const title = say(locale, '届いた記録', 'Received records');
  const status = {
    warning: say(locale, '本人の確認待ち', 'Pupil to be matched'),
    info: say(locale, '開封済み', 'Opened'),
    success: say(locale, '受領済み', 'Acknowledged'),
  };
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead
        title={title}
        lead={say(
          locale,
          '前の学校から届いた記録です。上から順に手続きしてください。',
          'Records from former schools. Work from the top.',
        )}
        actions={<ButtonLink href="#">{say(locale, '受取番号を入力する', 'Enter an acceptance code')}</ButtonLink>}
      />
      <Banner
        locale={locale}
        tone="warning"
        title={say(locale, '3日以上そのままの記録が 1 件あります', 'One record has waited for three days or more')}
        action={
          <ButtonLink href="#" kind="secondary">
            {say(locale, '記録を開く', 'Open the record')}
          </ButtonLink>
        }
      >
        {say(
          locale,
          '4月3日までに受領すると、送付元に受領書が届きます。',
          'Acknowledge it by 3 April; the sender then gets the receipt.',
        )}
      </Banner>
      <Form locale={locale} action="/inbox" method="get" inline>
        <TextField
          locale={locale}
          name="q"
          label={say(locale, '名前・学校名', 'Name or school')}
          type="search"
          width="medium"
        />
        <SelectField
          locale={locale}
          name="state"
          label={say(locale, '状態', 'State')}
          width="short"
          options={Object.entries(status).map(([value, label]) => ({ value, label }))}
        />
        <Button kind="secondary">{say(locale, '絞り込む', 'Filter')}</Button>
      </Form>
      <DataTable
        caption={title}
        rows={rows}
        columns={[
          {
            header: say(locale, '児童・生徒', 'Pupil'),
            cell: (row) => (
              <a href="#main">
                {row.name}（{row.kana}）
              </a>
            ),
          },
          { header: say(locale, '送付元', 'From'), cell: (row) => row.from },
          {
            header: say(locale, '届いた日時', 'Arrived'),
            cell: (row) => <Time locale={locale} at={new Date(row.at)} />,
          },
          { header: say(locale, '文書', 'Documents'), align: 'end', cell: (row) => row.files },
          {
            header: say(locale, '状態', 'State'),
            cell: (row) => <StatusChip tone={row.tone}>{status[row.tone]}</StatusChip>,
          },
        ]}
      />
      <Pagination locale={locale} shown={3} previous="#p" next="#n" />
      <Section title={say(locale, '差し戻した記録', 'Returned records')}>
        <EmptyState
          title={say(locale, '差し戻した記録はありません', 'Nothing has been returned')}
          action={
            <ButtonLink href="#" kind="secondary">
              {say(locale, '使い方を見る', 'How to use')}
            </ButtonLink>
          }
        >
          {say(
            locale,
            '誤って届いた記録は、開封せずに差し戻せます。',
            'A record that came by mistake can go back unopened.',
          )}
        </EmptyState>
      </Section>
    </Page>
  );
}
