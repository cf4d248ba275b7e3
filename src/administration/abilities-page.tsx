import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { fault } from '../faults.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { PageHead, Section } from '../web/components/section.tsx';
import { StatusChip } from '../web/components/status.tsx';
import { EmptyState } from '../web/components/table.tsx';
import { accountPaths } from '../web/layout/header.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import { type Ability, abilitiesOf } from './abilities.ts';

const abilityList = z
  .object({
    items: z
      .array(
        z.object({
          ability: z.string(),
          text: z.string().openapi({ description: 'In the language of the request' }),
          allowed: z.boolean(),
          rule: z.string(),
          freshLogin: z.boolean().openapi({ description: 'A log-in older than ten minutes has to be renewed first' }),
        }),
      )
      .readonly(),
  })
  .openapi('AbilityList');

/** 私にできること: the table of permissions, asked for whoever is there. */
export function abilityRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/abilities',
      summary: 'What I may do',
      tags: ['identity'],
      responses: { 200: jsonContent(abilityList, 'Each answered by the table of permissions'), ...problemResponses },
    }),
    (c) => {
      const actor = c.get('actor');
      if (actor.kind === 'anonymous' || actor.kind === 'unboundStaff') return sendProblem(c, fault('login.required'));
      const items = abilitiesOf(actor).map(({ key, ...answer }) => ({
        ...answer,
        ability: key.slice('ability.'.length),
        text: t(c.get('locale'), key),
      }));
      return c.json({ items }, 200);
    },
  );
}

export function abilityPages(app: OpenAPIHono<AppEnv>): void {
  app.get(accountPaths.abilities, (c) => {
    const actor = c.get('actor');
    if (actor.kind === 'anonymous' || actor.kind === 'unboundStaff') return sendProblemPage(c, fault('login.required'));
    return c.html(<AbilitiesPage frame={pageFrame(c)} abilities={abilitiesOf(actor)} />);
  });
}

function AbilitiesPage({ frame, abilities }: { readonly frame: PageFrame; readonly abilities: readonly Ability[] }) {
  const { locale } = frame;
  const title = t(locale, 'layout.abilities');
  const may = abilities.filter(({ allowed }) => allowed);
  const mayNot = abilities.filter(({ allowed }) => !allowed);
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]} width="narrow">
      <PageHead title={title} lead={t(locale, 'abilities.lead')} />
      <Section title={t(locale, 'abilities.may')}>
        {may.length === 0 ? (
          <EmptyState title={t(locale, 'abilities.nothing')} />
        ) : (
          <AbilityItems frame={frame} items={may} />
        )}
      </Section>
      {mayNot.length > 0 && (
        <Section title={t(locale, 'abilities.may-not')} lead={t(locale, 'abilities.may-not-lead')}>
          <AbilityItems frame={frame} items={mayNot} />
        </Section>
      )}
    </Page>
  );
}

function AbilityItems({ frame: { locale }, items }: { readonly frame: PageFrame; readonly items: readonly Ability[] }) {
  return (
    <ul>
      {items.map(({ key, freshLogin }) => (
        <li>
          {t(locale, key)} {freshLogin && <StatusChip tone="info">{t(locale, 'abilities.fresh')}</StatusChip>}
        </li>
      ))}
    </ul>
  );
}
