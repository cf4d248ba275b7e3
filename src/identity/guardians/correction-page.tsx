import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { Page } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import { GuardianFacts } from './guardian-page.tsx';
import type { GuardianView } from './list-guardians.ts';
import { GuardianFields, type GuardianFieldsProps } from './new-guardian-page.tsx';
import { guardianPath, guardiansPath, linkingPath, NameOf } from './words.tsx';

interface CorrectionProps extends GuardianFieldsProps {
  readonly guardian: GuardianView;
  /** Somebody else was quicker, says this. */
  readonly late?: string | undefined;
}

/** The record as a form. After a refusal stands what was typed, and, if others were quicker, the record as it is now. */
export function CorrectionPage({ frame, view, guardian, values, errors, late }: CorrectionProps) {
  const { locale } = frame;
  const title = t(locale, 'guardian.correct');
  const back = guardianPath(guardian);
  const crumbs = [
    { label: t(locale, 'linking.title'), href: linkingPath },
    { label: t(locale, 'guardian.title', { name: view.pupil.name }), href: guardiansPath(view.pupil.id) },
    { label: guardian.name, href: back },
    { label: title },
  ];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow">
      <PageHead title={title} kicker={view.pupil.name} lead={t(locale, 'guardian.correct-lead')} />
      <ErrorSummary locale={locale} errors={errors} />
      {late && (
        <Banner locale={locale} tone="danger" title={late}>
          {t(locale, 'guardian.correct-late')}
        </Banner>
      )}
      {late && (
        <Section title={t(locale, 'guardian.as-it-is')}>
          <p>
            <NameOf {...guardian} />
          </p>
          <GuardianFacts locale={locale} guardian={guardian} />
        </Section>
      )}
      <Form locale={locale} action={`${back}/correction`}>
        <input type="hidden" name="version" value={guardian.version} />
        <GuardianFields frame={frame} view={view} values={values} errors={errors} />
        <Actions>
          <Button>{t(locale, 'guardian.correct-button')}</Button>
          <ButtonLink href={back} kind="secondary">
            {t(locale, 'component.cancel')}
          </ButtonLink>
        </Actions>
      </Form>
    </Page>
  );
}
