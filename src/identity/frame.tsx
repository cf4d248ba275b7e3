import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { type Fault, publicFault } from '../faults.ts';
import type { ActorSummary } from '../web/layout/header.tsx';
import type { PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { ProblemPage } from '../web/problem-page.tsx';
import { t } from '../web/text.ts';
import type { Identity } from './resolve-session.ts';
import { StepUpPage, stepUpWay } from './step-up-page.tsx';

/** What every page of this request shares. */
export function pageFrame(c: Context<AppEnv>): PageFrame {
  const locale = c.get('locale');
  return {
    locale,
    path: pathOf(c),
    now: c.get('gateway').identity.clock.now(),
    nonce: c.get('cspNonce'),
    actor: summaryOf(c.get('identity'), locale),
    navigation: c.get('navigation') ?? [],
    demonstration: c.get('gateway').settings.DEMONSTRATION === 'yes',
  };
}

/** For the language links: a page that answers a form has no address of its own, so they lead to the form's page. */
function pathOf(c: Context<AppEnv>): string {
  const here = new URL(c.req.url);
  const isPage = c.req.method === 'GET' || c.req.method === 'HEAD';
  const from = isPage ? here.href : (c.req.header('referer') ?? '');
  const url = URL.parse(from);
  return url?.host === here.host ? `${url.pathname}${url.search}` : '/';
}

/** A refusal as a page. */
export function sendProblemPage(c: Context<AppEnv>, reason: Fault) {
  if (reason.code === 'login.fresh-required') {
    const frame = pageFrame(c);
    return c.html(<StepUpPage frame={frame} next={frame.path} way={stepUpWay(c.get('actor'))} />, 403);
  }
  const page = <ProblemPage {...pageFrame(c)} fault={reason} requestId={c.get('requestId')} />;
  return c.html(page, publicFault(reason.code).status);
}

function summaryOf({ actor, name, school, canSwitch }: Identity, locale: Locale): ActorSummary | null {
  switch (actor.kind) {
    case 'staff':
      return {
        kind: 'staff',
        name: name ?? '',
        school: (locale === 'ja' ? school?.name : school?.nameEnglish) ?? actor.school,
        role: t(locale, `role.${actor.role}`),
        canSwitch,
      };
    case 'person':
      return { kind: 'person', name: '', limited: actor.revocation !== 'good' };
    case 'unboundStaff':
      return { kind: 'unbound', name: name ?? '' };
    case 'machine':
    case 'anonymous':
      return null;
  }
}
