import { Actions, Button, ButtonLink } from '../../../src/web/components/button.tsx';
import { CodeBox, PrintButton } from '../../../src/web/components/code-box.tsx';
import { ConfirmBox } from '../../../src/web/components/confirm-box.tsx';
import { TextField } from '../../../src/web/components/fields.tsx';
import { Form } from '../../../src/web/components/form.tsx';
import { Card, Columns, PageHead, Section } from '../../../src/web/components/section.tsx';
import { Banner, StatusChip } from '../../../src/web/components/status.tsx';
import { Steps } from '../../../src/web/components/steps.tsx';
import { SummaryList } from '../../../src/web/components/summary-list.tsx';
import { Timeline } from '../../../src/web/components/timeline.tsx';
import { VerdictList } from '../../../src/web/components/verdicts.tsx';
import { Page, type PageFrame } from '../../../src/web/layout.tsx';
import type { Locale } from '../../../src/web/locale.ts';
import { say } from './frame.tsx';

export function CasePage(frame: PageFrame) {
  const { locale } = frame;
  const title = say(locale, '𠮷田 翔 さんの進学', 'Advancement of 𠮷田 翔');
  return (
    <Page
      {...frame}
      title={title}
      breadcrumbs={[{ label: say(locale, '届いた記録', 'Received'), href: '#' }, { label: title }]}
    >
      <PageHead
        kicker={say(locale, '進学 · 受付番号 7F3K-92QD', 'Advancement · number 7F3K-92QD')}
        title={title}
        status={<StatusChip tone="info">{say(locale, '開封済み・受領前', 'Opened, not yet acknowledged')}</StatusChip>}
        actions={<PrintButton locale={locale} />}
      />
      <Steps
        locale={locale}
        current={2}
        steps={[
          say(locale, '届く', 'Arrives'),
          say(locale, '本人を確かめる', 'Match the pupil'),
          say(locale, '内容を確かめる', 'Verify'),
          say(locale, '受領する', 'Acknowledge'),
        ]}
      />
      <Banner locale={locale} tone="success" title={say(locale, '記録を開きました', 'The record is open')}>
        {say(locale, '次に、下の確認結果を見て受領してください。', 'Next, look at the results below and acknowledge.')}
      </Banner>
      <Columns>
        <Card title={say(locale, '児童', 'Pupil')}>
          <SummaryList rows={facts(locale)} />
        </Card>
        <Card title={say(locale, '受取番号', 'Acceptance code')}>
          <p>
            {say(
              locale,
              '保護者に伝えて、前の学校に渡してもらってください。',
              'Give it to the guardian for the former school.',
            )}
          </p>
          <CodeBox
            locale={locale}
            id="code"
            label={say(locale, '受取番号', 'Acceptance code')}
            value="K7QM-3D2F-9XPA"
          />
        </Card>
      </Columns>
      <Section title={say(locale, '確かめた結果', 'What was verified')}>
        <VerdictList locale={locale} verdicts={verdicts(locale)} />
      </Section>
      <Section title={say(locale, 'これまでの経過', 'What has happened')}>
        <Timeline locale={locale} entries={moments(locale)} />
      </Section>
      <ConfirmBox title={say(locale, '受領してよいですか', 'Acknowledge this record?')}>
        <p>
          {say(
            locale,
            '受領すると、健康診断票の保管はこの学校に移ります。取り消すことはできません。',
            'With the acknowledgement this school becomes the holder of the health card. It cannot be undone.',
          )}
        </p>
        <Form locale={locale} action="#">
          <TextField
            locale={locale}
            name="last4"
            label={say(locale, '学校コードの下4けた', 'Last four characters of the school code')}
            hint={say(locale, '確認のため入力してください。', 'To be sure.')}
            required
            width="short"
            maxlength={4}
            code
          />
          <Actions>
            <Button icon="check">{say(locale, '受領する', 'Acknowledge')}</Button>
            <ButtonLink href="#" kind="secondary">
              {say(locale, '戻る', 'Back')}
            </ButtonLink>
          </Actions>
        </Form>
      </ConfirmBox>
      <ConfirmBox tone="danger" title={say(locale, '差し戻す', 'Return')}>
        <p>{say(locale, '開封せずに送付元へ返します。', 'It goes back to the sender unopened.')}</p>
        <Form locale={locale} action="#">
          <Actions>
            <Button kind="danger">{say(locale, '差し戻す', 'Return it')}</Button>
          </Actions>
        </Form>
      </ConfirmBox>
    </Page>
  );
}

function facts(locale: Locale) {
  return [
    { label: say(locale, '氏名', 'Name'), value: '𠮷田 翔' },
    { label: say(locale, 'ふりがな', 'Kana'), value: 'よしだ しょう' },
    { label: say(locale, '生年月日', 'Date of birth'), value: say(locale, '2014年5月3日', '3 May 2014') },
    {
      label: say(locale, '送付元', 'From'),
      value: 'みどり市立青葉小学校',
      change: { href: '#', label: say(locale, '変更', 'Change'), about: say(locale, '送付元', 'sender') },
    },
  ];
}

function verdicts(locale: Locale) {
  return [
    {
      result: 'valid',
      subject: say(locale, '学校印', 'School seal'),
      text: say(locale, 'みどり市立青葉小学校の印です。', 'Sealed by みどり市立青葉小学校.'),
      detail: 'CN=みどり市立青葉小学校, O=みどり市, C=JP · 2027-03-24',
    },
    {
      result: 'invalid',
      subject: say(locale, '文書の内容', 'Content'),
      text: say(
        locale,
        '「健康診断票」が封緘した時と違います。受領せずに送付元へ連絡してください。',
        'The health card differs from what was sealed. Do not acknowledge; call the sender.',
      ),
    },
    {
      result: 'notChecked',
      subject: say(locale, '証明書の失効', 'Revocation'),
      text: say(
        locale,
        '失効リストの期限が切れているため確かめられません。1時間後にもう一度お試しください。',
        'The revocation list is out of date. Try again in an hour.',
      ),
    },
  ] as const;
}

function moments(locale: Locale) {
  return [
    {
      at: new Date('2027-03-25T05:05:00Z'),
      tone: 'info',
      icon: 'inbox',
      title: say(locale, '開封しました', 'Opened'),
      who: say(locale, 'ひかり市立第一中学校 事務職員', 'ひかり市立第一中学校, clerk'),
    },
    {
      at: new Date('2027-03-24T07:41:00Z'),
      tone: 'success',
      icon: 'send',
      title: say(locale, '預け入れました', 'Deposited'),
      who: say(locale, 'みどり市立青葉小学校 事務職員', 'みどり市立青葉小学校, clerk'),
      detail: say(locale, '文書 4 件、2.1 MB', '4 documents, 2.1 MB'),
    },
    {
      at: new Date('2027-03-24T06:20:00Z'),
      icon: 'lock',
      title: say(locale, '封緘しました', 'Sealed'),
      who: say(locale, 'みどり市立青葉小学校 校長', 'みどり市立青葉小学校, principal'),
    },
    {
      at: new Date('2027-03-23T01:02:00Z'),
      tone: 'danger',
      icon: 'cross',
      title: say(locale, '決裁されませんでした', 'Approval refused'),
      who: say(locale, 'みどり市立青葉小学校 教頭', 'みどり市立青葉小学校, vice-principal'),
    },
  ] as const;
}
