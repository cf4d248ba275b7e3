import type { Child } from 'hono/jsx';
import { Actions, Button } from '../../web/components/button.tsx';
import { RadioField } from '../../web/components/choices.tsx';
import { Form } from '../../web/components/form.tsx';
import { Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import type { PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import { revocationReasons, revocationRefusals } from '../tables.ts';
import type { CopyView } from './view.ts';

interface RevokePartProps {
  readonly frame: PageFrame;
  readonly copy: CopyView;
  readonly may: { readonly check: boolean; readonly approve: boolean };
  readonly notice: Child;
}

export const revokePath = '/issued-certificates';

/** Asked for by the office, confirmed by the principal; nothing of it for what counts no more. */
export function RevokePart({ frame: { locale }, copy, may, notice }: RevokePartProps) {
  const { id, number, state, revocation, declined } = copy;
  if (state !== 'valid') return null;
  const path = `${revokePath}/${id}/revocation`;
  const asked = revocation !== null && (
    <Banner
      locale={locale}
      tone="warning"
      title={t(locale, 'revoke.asked', { reason: t(locale, `state.reason-${revocation}`) })}
    />
  );
  if (revocation !== null) {
    return (
      <Section title={`${t(locale, 'revoke.title')}: ${number}`}>
        {asked}
        {may.approve && (
          <>
            {notice}
            <Form locale={locale} action={`${path}/confirmation`}>
              <Actions>
                <Button>{t(locale, 'revoke.confirm')}</Button>
              </Actions>
            </Form>
            <Form locale={locale} action={`${path}/refusal`}>
              <RadioField
                locale={locale}
                name={`reason-${id}`}
                label={t(locale, 'revoke.decline-reason')}
                required
                options={revocationRefusals.map((value) => ({ value, label: t(locale, `revoke.declined-${value}`) }))}
              />
              <Actions>
                <Button kind="secondary">{t(locale, 'revoke.decline')}</Button>
              </Actions>
            </Form>
          </>
        )}
        {may.check && (
          <Form locale={locale} action={`${path}/withdrawal`}>
            <Actions>
              <Button kind="secondary">{t(locale, 'revoke.take-back')}</Button>
            </Actions>
          </Form>
        )}
      </Section>
    );
  }
  if (!may.check) return null;
  return (
    <Section title={`${t(locale, 'revoke.title')}: ${number}`} lead={t(locale, 'revoke.lead')}>
      {declined !== null && (
        <Banner
          locale={locale}
          tone="info"
          title={t(locale, 'revoke.declined', { reason: t(locale, `revoke.declined-${declined}`) })}
        />
      )}
      <Form locale={locale} action={path}>
        <RadioField
          locale={locale}
          name={`reason-${id}`}
          label={t(locale, 'revoke.reason')}
          required
          options={revocationReasons.map((value) => ({ value, label: t(locale, `state.reason-${value}`) }))}
        />
        <Actions>
          <Button kind="secondary">{t(locale, 'revoke.ask')}</Button>
        </Actions>
      </Form>
    </Section>
  );
}
