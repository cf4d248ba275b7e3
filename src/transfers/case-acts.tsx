import type { Child } from 'hono/jsx';
import { shownName } from '../directory/shown-name.ts';
import { Actions, Button } from '../web/components/button.tsx';
import { CheckField } from '../web/components/choices.tsx';
import { CodeBox } from '../web/components/code-box.tsx';
import { ConfirmBox } from '../web/components/confirm-box.tsx';
import { DateField, TextField } from '../web/components/fields.tsx';
import { Form } from '../web/components/form.tsx';
import { Section } from '../web/components/section.tsx';
import { SummaryList } from '../web/components/summary-list.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import type { CasePageProps } from './case-page-props.ts';
import type { CaseAct, CaseView } from './view.ts';
import { School, word } from './words.tsx';

/** What this reader can do now: one form for each act that the permissions and the procedure allow. */
export function CaseActs({ frame, view }: CasePageProps) {
  const { locale } = frame;
  const may = (act: CaseAct) => view.may.includes(act);
  const shared = { locale, view };
  return (
    <>
      {may('submit') && view.recipient !== null && view.documents.length > 0 && <Submit {...shared} />}
      {may('approve') && <Approve {...shared} />}
      {may('seal') && <Seal {...shared} />}
      {may('deposit') && (
        <Section title={t(locale, 'deposit.do')} lead={t(locale, 'deposit.text')} id="act">
          <PlainAct {...shared} act="deposit" label={t(locale, 'deposit.do')} />
        </Section>
      )}
      {may('open') && <Open {...shared} />}
      {may('return') && <WithReason {...shared} act="return" />}
      {may('acknowledge') && <Acknowledge {...shared} />}
      {may('withdraw') && <WithReason {...shared} act="withdraw" />}
      {may('revise') && <Revise {...shared} />}
    </>
  );
}

interface ActProps {
  readonly locale: Locale;
  readonly view: CaseView;
}

function Submit({ locale, view }: ActProps) {
  return (
    <Section title={t(locale, 'submit.title')} lead={t(locale, 'submit.text')} id="act">
      <Form locale={locale} action={`/cases/${view.id}/submission`}>
        {view.missing.length > 0 && (
          <CheckField
            locale={locale}
            name="confirmIncomplete"
            label={t(locale, 'case.missing', { list: missingText(locale, view) })}
            options={[{ value: 'yes', label: t(locale, 'submit.confirm-missing') }]}
          />
        )}
        <Actions>
          <Button icon="send">{t(locale, 'submit.do')}</Button>
        </Actions>
      </Form>
    </Section>
  );
}

export function missingText(locale: Locale, view: CaseView): string {
  return view.missing
    .map((kind) => word(locale, `document.${kind}`, 'document.other'))
    .join(locale === 'ja' ? '、' : ', ');
}

function Recipient({ locale, view }: ActProps): Child {
  if (view.recipient === null) return null;
  return (
    <SummaryList
      rows={[
        { label: t(locale, 'case.pupil'), value: <span lang="ja">{shownName(view.pupil)}</span> },
        { label: t(locale, 'case.recipient'), value: <School locale={locale} school={view.recipient} /> },
        {
          label: t(locale, 'case.documents'),
          value: view.documents.map((document) => document.title).join(locale === 'ja' ? '、' : ', '),
        },
        ...(view.purpose === '' ? [] : [{ label: t(locale, 'case.purpose'), value: view.purpose }]),
      ]}
    />
  );
}

function Approve({ locale, view }: ActProps) {
  return (
    <ConfirmBox title={t(locale, 'approve.title')} id="act">
      <p>{t(locale, 'approve.text')}</p>
      <Recipient locale={locale} view={view} />
      <CodeBox
        locale={locale}
        id="content-digest"
        label={t(locale, 'approve.digest')}
        value={view.contentDigest ?? ''}
      />
      <Form locale={locale} action={`/cases/${view.id}/approval`} hidden={{ contentDigest: view.contentDigest ?? '' }}>
        <Actions>
          <Button icon="check">{t(locale, 'approve.do')}</Button>
        </Actions>
      </Form>
    </ConfirmBox>
  );
}

function Seal({ locale, view }: ActProps) {
  return (
    <ConfirmBox title={t(locale, 'seal.title')} id="act">
      <p>{t(locale, 'seal.text')}</p>
      <Recipient locale={locale} view={view} />
      <Form locale={locale} action={`/cases/${view.id}/seal`}>
        <TextField
          locale={locale}
          name="confirmation"
          label={t(locale, 'seal.confirmation')}
          hint={t(locale, 'seal.confirmation-hint')}
          width="short"
          inputmode="numeric"
          maxlength={4}
          required
          code
        />
        <Actions>
          <Button icon="lock">{t(locale, 'seal.do')}</Button>
        </Actions>
      </Form>
    </ConfirmBox>
  );
}

/** Without an acceptance code the pupil's data are the only proof, and so required. */
function Open({ locale, view }: ActProps) {
  const byCode = view.addressedByCode;
  return (
    <Section title={t(locale, 'open.title')} lead={t(locale, byCode ? 'open.text-code' : 'open.text')} id="act">
      <Form locale={locale} action={`/cases/${view.id}/opening`}>
        {byCode && (
          <TextField
            locale={locale}
            name="acceptanceCode"
            label={t(locale, 'open.code')}
            hint={t(locale, 'open.code-hint')}
            width="medium"
            code
          />
        )}
        <TextField
          locale={locale}
          name="kana"
          label={t(locale, 'open.kana')}
          hint={t(locale, 'open.kana-hint')}
          width="medium"
          required={!byCode}
        />
        <DateField locale={locale} name="birthDate" label={t(locale, 'open.birth-date')} required={!byCode} />
        <TextField
          locale={locale}
          name="homeroom"
          label={t(locale, 'open.homeroom')}
          hint={t(locale, 'open.homeroom-hint')}
          width="short"
          maxlength={40}
        />
        <Actions>
          <Button icon="inbox">{t(locale, 'open.do')}</Button>
        </Actions>
      </Form>
    </Section>
  );
}

function WithReason({ locale, view, act }: ActProps & { readonly act: 'return' | 'withdraw' }) {
  const path = act === 'return' ? 'return' : 'withdrawal';
  return (
    <details class="more">
      <summary>{t(locale, `${act}.title`)}</summary>
      <p>{t(locale, `${act}.text`)}</p>
      <Form locale={locale} action={`/cases/${view.id}/${path}`}>
        <TextField locale={locale} name="reason" label={t(locale, `${act}.reason`)} maxlength={400} required />
        <Actions>
          <Button kind="danger">{t(locale, `${act}.do`)}</Button>
        </Actions>
      </Form>
    </details>
  );
}

function Acknowledge({ locale, view }: ActProps) {
  return (
    <ConfirmBox title={t(locale, 'acknowledge.title')} id="act">
      <p>{t(locale, 'acknowledge.text')}</p>
      <Form locale={locale} action={`/cases/${view.id}/acknowledgement`}>
        <Actions>
          <Button icon="check">{t(locale, 'acknowledge.do')}</Button>
        </Actions>
      </Form>
    </ConfirmBox>
  );
}

/** What came back is begun again; what is under way is taken back only by somebody who means it. */
function Revise({ locale, view }: ActProps) {
  const cameBack = view.state === 'returned' || view.state === 'withdrawn';
  const button = (
    <PlainAct locale={locale} view={view} act="revision" label={t(locale, 'revise.do')} kind="secondary" />
  );
  if (cameBack) {
    return (
      <Section title={t(locale, 'revise.again')} lead={t(locale, 'revise.again-text')} id="act">
        {button}
      </Section>
    );
  }
  return (
    <details class="more">
      <summary>{t(locale, 'revise.do')}</summary>
      <p>{t(locale, 'revise.text')}</p>
      {button}
    </details>
  );
}

interface PlainActProps extends ActProps {
  readonly act: string;
  readonly label: string;
  readonly kind?: 'primary' | 'secondary';
}

export function PlainAct({ locale, view, act, label, kind = 'primary' }: PlainActProps) {
  return (
    <Form locale={locale} action={`/cases/${view.id}/${act}`}>
      <Actions>
        <Button kind={kind}>{label}</Button>
      </Actions>
    </Form>
  );
}
