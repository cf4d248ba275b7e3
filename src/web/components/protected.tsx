import type { Locale } from '../locale.ts';
import { t } from '../text.ts';
import { StatusChip } from './status.tsx';

/** Where the protection orders (支援措置) are. */
export const protectionsPath = '/protections';

/** Where one is entered for a pupil, an announcement or a case. */
export function newProtectionPath(kind: 'pupil' | 'expectation' | 'case', id: string): string {
  return `${protectionsPath}/new?kind=${kind}&id=${encodeURIComponent(id)}`;
}

/** For the screens of those who may know; on paper it would go out with what is printed. */
export function ProtectedBadge({ locale }: { readonly locale: Locale }) {
  return (
    <span class="no-print">
      <StatusChip tone="danger" icon="lock">
        {t(locale, 'protection.badge')}
      </StatusChip>
    </span>
  );
}
