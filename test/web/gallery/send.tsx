import { Actions, Button, ButtonLink } from '../../../src/web/components/button.tsx';
import { CheckField, RadioField, SelectField } from '../../../src/web/components/choices.tsx';
import { DropZone } from '../../../src/web/components/drop-zone.tsx';
import { DateField, FileField, TextArea, TextField } from '../../../src/web/components/fields.tsx';
import { ErrorSummary, Form } from '../../../src/web/components/form.tsx';
import { PageHead, Section } from '../../../src/web/components/section.tsx';
import { Page, type PageFrame } from '../../../src/web/layout.tsx';
import type { Locale } from '../../../src/web/locale.ts';
import { say } from './frame.tsx';

export function SendPage(frame: PageFrame) {
  const { locale } = frame;
  const title = say(locale, '記録を送る', 'Send records');
  const errors = {
    code: say(locale, '学校コードは 13 けたで入力してください', 'A school code has 13 characters'),
    kind: say(locale, '手続きを選んでください', 'Choose the procedure'),
  };
  return (
    <Page {...frame} title={title} width="narrow" scripts={['upload.js']} breadcrumbs={[{ label: title }]}>
      <PageHead
        title={title}
        lead={say(
          locale,
          '送り先と手続きを選びます。あとから直せます。',
          'Choose recipient and procedure. You can change both later.',
        )}
      />
      <ErrorSummary locale={locale} errors={errors} />
      <Form locale={locale} action="#">
        <TextField
          locale={locale}
          name="code"
          label={say(locale, '送付先の学校コード', 'School code of the recipient')}
          hint={say(locale, '例: C113311100014', 'Example: C113311100014')}
          error={errors.code}
          required
          value="C11331110"
          width="medium"
          code
        />
        <RadioField
          locale={locale}
          name="kind"
          label={say(locale, '手続き', 'Procedure')}
          error={errors.kind}
          required
          options={[
            {
              value: 'advancement',
              label: say(locale, '進学', 'Advancement'),
              hint: say(locale, '卒業して次の学校へ進むとき', 'After graduation, to the next school'),
            },
            {
              value: 'schoolTransfer',
              label: say(locale, '転学', 'Transfer'),
              hint: say(locale, '途中で別の学校へ移るとき', 'To another school before graduation'),
            },
          ]}
        />
        <DateField locale={locale} name="day" label={say(locale, '転学の日', 'Date of transfer')} value="2027-03-31" />
        <CheckField
          locale={locale}
          name="notify"
          label={say(locale, '知らせ', 'Notices')}
          options={[{ value: 'mail', label: say(locale, '届いたらメールで知らせる', 'Mail me when it has arrived') }]}
          values={['mail']}
        />
        <TextArea
          locale={locale}
          name="note"
          label={say(locale, '送付先への連絡', 'Note to the recipient')}
          hint={say(locale, '個人情報は書かないでください。', 'No personal data, please.')}
        />
        <FileField locale={locale} name="key" label={say(locale, '印鑑の鍵ファイル', 'Seal key file')} accept=".p12" />
        <Actions>
          <Button>{say(locale, '次へ進む', 'Continue')}</Button>
          <Button kind="secondary" name="then" value="later" novalidate>
            {say(locale, '保存して後で続ける', 'Save for later')}
          </Button>
          <ButtonLink href="#" kind="text">
            {say(locale, 'やめる', 'Cancel')}
          </ButtonLink>
        </Actions>
      </Form>
      <Section title={say(locale, '文書', 'Documents')}>
        <Documents locale={locale} />
      </Section>
    </Page>
  );
}

function Documents({ locale }: { readonly locale: Locale }) {
  return (
    <DropZone
      locale={locale}
      action="/documents"
      createUrl="/api/documents"
      doneUrl="/done"
      maxBytes={200 * 1024 * 1024}
      accept=".pdf,.json,.png,.jpg,application/pdf"
      types="PDF, JSON, PNG, JPEG"
      label={say(locale, '文書のファイル', 'Document files')}
    >
      <SelectField
        locale={locale}
        name="kind"
        label={say(locale, '文書の種類', 'Kind of document')}
        required
        value="cumulativeRecord"
        options={[
          { value: 'cumulativeRecord', label: say(locale, '指導要録', 'Cumulative record') },
          { value: 'healthCard', label: say(locale, '健康診断票', 'Health card') },
        ]}
      />
    </DropZone>
  );
}
