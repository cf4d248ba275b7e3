import type { Fault } from '../faults.ts';
import { Actions, ButtonLink } from './components/button.tsx';
import { Icon } from './components/icon.tsx';
import { accountPaths } from './layout/header.tsx';
import { Page, type PageFrame } from './layout.tsx';
import type { Locale } from './locale.ts';
import { type Problem, problemOf } from './problem.ts';
import { t } from './text.ts';

interface ProblemPageProps extends PageFrame {
  readonly fault: Fault;
  readonly requestId: string;
}

/** The page for a refusal: what happened, what to do, one clear next step, and the number to tell. */
export function ProblemPage({ fault, requestId, ...frame }: ProblemPageProps) {
  const problem = problemOf(fault, frame.locale, requestId);
  return (
    <Page {...frame} title={problem.title} width="narrow">
      <div class="problem">
        <p class="problem-mark">
          <Icon name="exclamation" />
        </p>
        <h1>{problem.title}</h1>
        <p class="lead">{problem.detail}</p>
        {problem.errors && (
          <ul class="error-links">
            {problem.errors.map(({ message }) => (
              <li>{message}</li>
            ))}
          </ul>
        )}
        <NextSteps problem={problem} frame={frame} />
        <dl class="problem-number">
          <dt>{t(frame.locale, 'problem.number')}</dt>
          <dd>
            <code>{requestId}</code>
          </dd>
          <dt>{t(frame.locale, 'problem.code')}</dt>
          <dd>
            <a href={problem.type}>
              <code>{problem.code}</code>
            </a>
          </dd>
        </dl>
        <p class="hint">{t(frame.locale, 'problem.number-hint')}</p>
      </div>
    </Page>
  );
}

function NextSteps({ problem, frame }: { readonly problem: Problem; readonly frame: PageFrame }) {
  const step = nextStep(problem, frame);
  return (
    <nav aria-label={t(frame.locale, 'problem.what-next')}>
      <Actions>
        {step && <ButtonLink href={step.href}>{step.label}</ButtonLink>}
        <ButtonLink href="/" kind={step ? 'secondary' : 'primary'}>
          {t(frame.locale, 'problem.top')}
        </ButtonLink>
      </Actions>
    </nav>
  );
}

function nextStep(problem: Problem, { locale, path, actor }: PageFrame): { href: string; label: string } | null {
  switch (problem.status) {
    case 401:
      return logIn(locale);
    case 403:
      if (actor === null) return logIn(locale);
      return actor.kind === 'staff' && actor.canSwitch
        ? { href: accountPaths.choose, label: t(locale, 'problem.switch') }
        : null;
    case 408:
    case 409:
    case 412:
    case 429:
    case 500:
    case 503:
    case 507:
      return { href: path, label: t(locale, 'problem.reload') };
    case 400:
    case 404:
    case 405:
    case 410:
    case 413:
    case 415:
    case 422:
    case 501:
      return null;
  }
}

function logIn(locale: Locale): { href: string; label: string } {
  return { href: accountPaths.logIn, label: t(locale, 'problem.log-in') };
}
