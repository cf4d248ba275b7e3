import type { layoutJa } from '../ja/layout.ts';

export const layoutEn = {
  'layout.service': 'Hikitsugi',
  'layout.tagline': 'The electronic locker between schools',
  'layout.skip': 'Skip to the content',
  'layout.language': 'Language',
  'layout.navigation': 'Main menu',
  'layout.breadcrumbs': 'You are here',
  'layout.top': 'Top',
  'layout.account': 'You are acting as',
  'layout.switch': 'Switch school or role',
  'layout.abilities': 'What I may do',
  'layout.sessions': 'My sessions',
  'layout.log-in': 'Log in',
  'layout.log-out': 'Log out',
  'layout.not-checked':
    'Nobody could say whether your certificate is still in force, so no document opens. Log in again a little later.',
  'layout.person': 'Pupil or guardian',
  'layout.demonstration':
    'This is a demonstration. Every school and person here is invented. Do not put real records into it.',
  'layout.demonstration-guide': 'Be somebody else',
  'layout.footer': 'Footer',
  'layout.api': 'API',
  'layout.printed-at': 'Printed at',
  'layout.printed-by': 'Printed by',
} as const satisfies Record<keyof typeof layoutJa, string>;
