import { Icon } from '../components/icon.tsx';
import { inLocale, type Locale } from '../locale.ts';
import { t } from '../text.ts';

/** Who acts, in words for the header; rooms make it from the Actor. */
export type ActorSummary =
  | {
      readonly kind: 'staff';
      readonly name: string;
      readonly school: string;
      /** In the reader's language: `t(locale, 'role.clerk')`. */
      readonly role: string;
      /** Has this account more than one school or role to choose from? */
      readonly canSwitch: boolean;
    }
  /** `limited`: nobody could check the certificate, so documents stay closed. */
  | { readonly kind: 'person'; readonly name: string; readonly limited?: boolean }
  | { readonly kind: 'unbound'; readonly name: string };

export interface NavigationItem {
  readonly href: string;
  readonly label: string;
  readonly current?: boolean;
  /** Things waiting there. */
  readonly count?: number;
}

interface PageHeaderProps {
  readonly locale: Locale;
  readonly path: string;
  readonly actor: ActorSummary | null;
  readonly navigation?: readonly NavigationItem[];
  readonly demonstration?: boolean;
}

/** Where the header's links lead; the rooms of identity serve them. */
export const accountPaths = {
  logIn: '/login',
  logOut: '/logout',
  choose: '/choose-school',
  sessions: '/sessions',
  abilities: '/abilities',
  again: '/login/again',
} as const;

export function PageHeader({ locale, path, actor, navigation = [], demonstration }: PageHeaderProps) {
  return (
    <header class="header">
      {demonstration && (
        <p class="demonstration">
          {t(locale, 'layout.demonstration')} <a href="/demonstration">{t(locale, 'layout.demonstration-guide')}</a>
        </p>
      )}
      <div class="header-bar">
        <a class="brand" href="/">
          <Mark />
          <span class="brand-name">{t(locale, 'layout.service')}</span>
          <span class="brand-tagline">{t(locale, 'layout.tagline')}</span>
        </a>
        <div class="header-tools">
          <Languages locale={locale} path={path} />
          {actor === null && (
            <a class="button button-secondary button-small" href={accountPaths.logIn}>
              {t(locale, 'layout.log-in')}
            </a>
          )}
        </div>
      </div>
      {actor !== null && <Account locale={locale} actor={actor} />}
      {navigation.length > 0 && <Navigation locale={locale} items={navigation} />}
    </header>
  );
}

/** Two leaves handed from one to the other. */
function Mark() {
  return (
    <svg class="brand-mark" viewBox="0 0 40 40" width="40" height="40" aria-hidden="true" focusable="false">
      <rect class="mark-ground" x="0" y="0" width="40" height="40" rx="10" />
      <path class="mark-leaf" d="M9 11h12v7M9 11v18h8" />
      <path class="mark-leaf" d="M31 29H19V18h12z" />
      <path class="mark-leaf" d="M22 23.5h6M25.5 21l2.5 2.5l-2.5 2.5" />
    </svg>
  );
}

function Languages({ locale, path }: { readonly locale: Locale; readonly path: string }) {
  return (
    <nav class="languages" aria-label={t(locale, 'layout.language')}>
      <a href={inLocale(path, 'ja')} lang="ja" hreflang="ja" aria-current={locale === 'ja' ? 'true' : undefined}>
        日本語
      </a>
      <a href={inLocale(path, 'en')} lang="en" hreflang="en" aria-current={locale === 'en' ? 'true' : undefined}>
        English
      </a>
    </nav>
  );
}

function Account({ locale, actor }: { readonly locale: Locale; readonly actor: ActorSummary }) {
  return (
    <section class="account" aria-label={t(locale, 'layout.account')}>
      <div class="account-inner">
        <p class="account-who">
          <Icon name={actor.kind === 'staff' ? 'school' : 'person'} />
          {actor.kind === 'staff' && <strong class="account-school">{actor.school}</strong>}
          {actor.kind === 'staff' && <span class="account-role">{actor.role}</span>}
          {actor.kind === 'person' && <span class="account-role">{t(locale, 'layout.person')}</span>}
          <span class="account-name">{actor.name}</span>
        </p>
        <div class="account-tools">
          {actor.kind === 'staff' && actor.canSwitch && <a href={accountPaths.choose}>{t(locale, 'layout.switch')}</a>}
          {actor.kind !== 'unbound' && <a href={accountPaths.abilities}>{t(locale, 'layout.abilities')}</a>}
          {actor.kind !== 'unbound' && <a href={accountPaths.sessions}>{t(locale, 'layout.sessions')}</a>}
          <form action={accountPaths.logOut} method="post">
            <button type="submit" class="link-button">
              {t(locale, 'layout.log-out')}
            </button>
          </form>
        </div>
      </div>
      {actor.kind === 'person' && actor.limited && <p class="account-note">{t(locale, 'layout.not-checked')}</p>}
    </section>
  );
}

function Navigation({ locale, items }: { readonly locale: Locale; readonly items: readonly NavigationItem[] }) {
  return (
    <nav class="navigation" aria-label={t(locale, 'layout.navigation')}>
      <ul>
        {items.map(({ href, label, current, count }) => (
          <li>
            <a href={href} aria-current={current ? 'page' : undefined}>
              {label}
              {count !== undefined && count > 0 && <span class="count">{count}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
