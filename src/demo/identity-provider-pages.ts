import type { AppUser } from './app-users.ts';
import { demoOrganisations } from './schools.ts';
import { type DemoAccount, roleNames } from './staff.ts';

const style = `
  body { font-family: system-ui, sans-serif; line-height: 1.7; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1c; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1.125rem; margin: 1.5rem 0 .5rem; }
  ul { list-style: none; padding: 0; display: grid; gap: .5rem; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); }
  button { width: 100%; text-align: left; padding: .75rem 1rem; font: inherit; background: #fff; border: 1px solid #0017c1; border-radius: 8px; cursor: pointer; }
  button:hover, button:focus-visible { background: #e8f1fe; outline: 3px solid #000; outline-offset: 2px; }
  small { display: block; color: #4d4d4d; }
  .note { border-left: 6px solid #c16800; padding: .5rem 1rem; background: #fff8e6; }`;

/** The log-in page: every demonstration account, one click each, by a plain form. */
export function accountPage(accounts: readonly DemoAccount[]): string {
  const groups = Map.groupBy(accounts, placeOf);
  const lists = [...groups].map(
    ([place, members]) =>
      `<h2>${escapeHtml(place)}</h2><ul>${members.map((account) => `<li>${buttonOf(account)}</li>`).join('')}</ul>`,
  );
  return page(
    'ログイン（開発用 gBizID）',
    `<p class="note">これは開発用の模擬サービスです。本物のＧビズＩＤではありません。<br>
     <span lang="en">A stand-in for GBizID. Choose an account; no password is needed.</span></p>
     <form method="post">${lists.join('')}
     <h2>やめる</h2><ul><li><button name="cancel" value="1">キャンセル <span lang="en">Cancel</span></button></li></ul></form>`,
  );
}

/** The page of the app: who holds the card to the phone? */
export function appPage(users: readonly AppUser[]): string {
  const items = users.map(
    ({ subject, name }) =>
      `<li><button name="account" value="${escapeHtml(subject)}">${escapeHtml(name.ja)}
       <small lang="en">${escapeHtml(name.en)}</small></button></li>`,
  );
  return page(
    'ログイン（開発用 デジタル認証アプリ）',
    `<p class="note">これは開発用の模擬サービスです。本物のデジタル認証アプリではありません。<br>
     <span lang="en">A stand-in for the Digital Authentication App. A click stands for the card and its PIN.</span></p>
     <form method="post"><ul>${items.join('')}</ul>
     <h2>やめる</h2><ul><li><button name="cancel" value="1">キャンセル <span lang="en">Cancel</span></button></li></ul></form>`,
  );
}

export function errorPage(message: string): string {
  return page('ログインできませんでした', `<p role="alert">${escapeHtml(message)}</p>`);
}

function buttonOf(account: DemoAccount): string {
  const roles = account.memberships.map((membership) => roleNames[membership.role].ja);
  const details = [...new Set(roles), kinds[account.accountType], account.remark?.ja].filter(
    (text) => text !== undefined,
  );
  return `<button name="account" value="${escapeHtml(account.subject)}">${escapeHtml(account.name)}
    <small>${escapeHtml(details.join('・'))}</small></button>`;
}

const kinds = { 1: 'エントリー', 2: 'プライム', 3: 'メンバー' } as const;

function placeOf(account: DemoAccount): string {
  const [first, second] = account.memberships;
  return first && !second ? demoOrganisations[first.school].name : 'そのほか';
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
    <meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head>
    <body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
