import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import type { Actor, StaffActor } from '../policy/actor.ts';
import { isAllowed, ownThing } from '../policy/decide.ts';
import type { NavigationItem } from '../web/layout/header.tsx';
import { t } from '../web/text.ts';

/** The main ways of whoever is logged in; nothing that their role does not have. */
export function navigationOf(c: Context<AppEnv>): readonly NavigationItem[] {
  const actor = c.get('actor');
  const locale = c.get('locale');
  const side = c.req.query('side') === 'sender' ? 'sender' : 'recipient';
  const here = c.req.path === '/cases' && actor.kind === 'staff' ? `/cases?side=${side}` : c.req.path;
  const item = (href: string, label: string): NavigationItem => ({
    href,
    label,
    current: href === here || underneath(href, c.req.path),
  });
  if (actor.kind === 'person') {
    return [
      item('/', t(locale, 'nav.own-cases')),
      item('/own-certificates', t(locale, 'own-certificate.title')),
      item('/links', t(locale, 'nav.links')),
    ];
  }
  if (actor.kind !== 'staff') return [];
  // 設置者の管理者 looks after people and sees no case.
  if (actor.role === 'administrator') {
    return [item('/people', t(locale, 'nav.people')), item('/proposals', t(locale, 'nav.proposals'))];
  }
  if (actor.role === 'auditor') return [item('/board', t(locale, 'nav.board'))];
  const handles = handlesCases(actor);
  return [
    item('/', t(locale, 'nav.home')),
    item('/cases?side=sender', t(locale, 'nav.outbox')),
    item('/cases?side=recipient', t(locale, 'nav.inbox')),
    ...(handles ? [item('/expectations', t(locale, 'nav.expectations'))] : []),
    ...(confirmsGuardians(actor) ? [item('/linking/pending', t(locale, 'pending.title'))] : []),
    ...(actor.role === 'schoolNurse' ? [] : [item('/pupils', t(locale, 'nav.pupils'))]),
    ...(isAllowed(actor, 'breakGlass.list', ownThing) ? [item('/break-glass', t(locale, 'nav.glass'))] : []),
    ...(isAllowed(actor, 'protection.enter', ownThing) ? [item('/protections', t(locale, 'nav.protections'))] : []),
    ...(isAllowed(actor, 'audit.read', ownThing) ? [item('/board', t(locale, 'nav.board'))] : []),
    ...(isAllowed(actor, 'certificate.read', ownThing)
      ? [
          item('/certificate-requests', t(locale, 'request.title')),
          item('/certificate-register', t(locale, 'register.title')),
        ]
      : []),
    ...(actor.role === 'principal'
      ? [
          item('/people', t(locale, 'nav.people')),
          item('/seal-key', t(locale, 'nav.keys')),
          item('/clients', t(locale, 'client.title')),
        ]
      : []),
  ];
}

/** Whoever may be the second pair of eyes. */
function confirmsGuardians(actor: StaffActor): boolean {
  return isAllowed(actor, 'guardian.confirm', { ...ownThing, homeroom: actor.homeroom });
}

/** Clerk and principal run the procedure; the others read. */
export function handlesCases(actor: Actor): boolean {
  return actor.kind === 'staff' && (actor.role === 'clerk' || actor.role === 'principal');
}

/** A page belongs to the way that leads to it. */
function underneath(href: string, path: string): boolean {
  if (href === '/pupils') return path.startsWith('/linking') && path !== '/linking/pending';
  // A person's shares hang on their certificates.
  if (href === '/own-certificates' && /^\/(issued-certificates|certificate-shares)\//.test(path)) return true;
  const isRequest = path.startsWith('/certificate-requests');
  if (href === '/certificate-register' && path.startsWith('/certificate-') && !isRequest) return true;
  return href !== '/' && path.startsWith(`${href}/`);
}
