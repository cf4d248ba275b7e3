import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import type { NavigationItem } from '../../web/layout/header.tsx';
import { t } from '../../web/text.ts';
import { countAlerts } from './show-alerts.ts';

/** With the way to the alerts, and how many of them nobody has looked at, for whoever they are for. Pages only. */
export async function alertNavigation(
  c: Context<AppEnv>,
  items: readonly NavigationItem[],
): Promise<readonly NavigationItem[]> {
  const isPage = (c.req.header('accept') ?? '').includes('text/html') && !c.req.path.startsWith('/api/');
  if (!isPage) return items;
  const count = await countAlerts(c.get('gateway'), c.get('actor'));
  if (count === null) return items;
  const current = c.req.path === '/alert-rules' || c.req.path === '/alerts' || c.req.path.startsWith('/alerts/');
  const own = { href: '/alerts', label: t(c.get('locale'), 'nav.alerts'), current, ...(count === 0 ? {} : { count }) };
  return [...items, own];
}
