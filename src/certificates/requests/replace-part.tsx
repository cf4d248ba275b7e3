import { Actions, Button } from '../../web/components/button.tsx';
import { CheckField, RadioField } from '../../web/components/choices.tsx';
import { Form } from '../../web/components/form.tsx';
import { Section } from '../../web/components/section.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { ShownText } from './consent-text.ts';
import { revokePath } from './revoke-part.tsx';
import { replacements } from './rules.ts';
import type { CopyView } from './view.ts';

interface ReplaceProps {
  readonly locale: Locale;
  readonly copy: CopyView;
}

/** The office asks for a new one in the place of this; nothing of it for what counts no more. */
export function ReplacePart({ locale, copy: { id, number, state } }: ReplaceProps) {
  if (state !== 'valid') return null;
  return (
    <Section title={`${t(locale, 'replace.title')}: ${number}`} lead={t(locale, 'replace.lead')}>
      <Form locale={locale} action={`${revokePath}/${id}/replacement`}>
        <RadioField
          locale={locale}
          name={`replacement-${id}`}
          label={t(locale, 'replace.reason')}
          required
          options={replacements.map((value) => ({
            value,
            label: t(locale, `replace.reason-${value}`),
            hint: t(locale, `replace.hint-${value}`),
          }))}
        />
        <Actions>
          <Button kind="secondary">{t(locale, 'replace.ask')}</Button>
        </Actions>
      </Form>
    </Section>
  );
}

/** Whoever has lost theirs asks for another, under the same consent as for the first. */
export function LossPart({
  locale,
  copy: { id, number, state },
  consent,
}: ReplaceProps & { readonly consent: ShownText }) {
  if (state !== 'valid') return null;
  return (
    <details class="more">
      <summary>{t(locale, 'loss.title', { number })}</summary>
      <p>{t(locale, 'loss.text')}</p>
      <Form locale={locale} action={`${revokePath}/${id}/loss`} hidden={{ consentText: consent.sha256 }}>
        <CheckField
          locale={locale}
          name={`consent-${id}`}
          label={t(locale, 'own-certificate.consent')}
          required
          options={[{ value: 'yes', label: consent.shown }]}
        />
        <Actions>
          <Button kind="secondary">{t(locale, 'loss.ask')}</Button>
        </Actions>
      </Form>
    </details>
  );
}
