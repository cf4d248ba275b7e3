import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { sendProblemPage } from '../../identity/frame.tsx';
import { verbContext } from '../../transfers/context.ts';
import { Actions, Button } from '../../web/components/button.tsx';
import { Form } from '../../web/components/form.tsx';
import { Section } from '../../web/components/section.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { CopyView } from '../requests/view.ts';
import { collectCredential } from './collect-credential.ts';
import { sendCredential } from './send-credential.ts';

/** Taking a credential by a form, which answers with the file. */
export function credentialPages(app: OpenAPIHono<AppEnv>): void {
  app.post('/issued-certificates/:certificateId/credentials', async (c) => {
    const input = { certificateId: c.req.param('certificateId'), proof: null };
    const result = await collectCredential(await verbContext(c), input);
    return result.ok ? sendCredential(c, result.value) : sendProblemPage(c, result.fault);
  });
}

/** On the own page of a certificate: the same as data, for each copy that counts. */
export function CredentialPart({
  locale,
  certificates,
}: {
  readonly locale: Locale;
  readonly certificates: readonly CopyView[];
}) {
  const counting = certificates.filter(({ state }) => state === 'valid');
  if (counting.length === 0) return null;
  return (
    <Section title={t(locale, 'credential.section')} lead={t(locale, 'credential.section-lead')}>
      <p>{t(locale, 'credential.bearer-text')}</p>
      {counting.map(({ id, number, copy }) => (
        <Form locale={locale} action={`/issued-certificates/${id}/credentials`}>
          <Actions>
            <Button kind="secondary" icon="download">
              {t(locale, 'credential.download')} {t(locale, 'own-certificate.download-copy', { number, copy })}
            </Button>
          </Actions>
        </Form>
      ))}
    </Section>
  );
}
