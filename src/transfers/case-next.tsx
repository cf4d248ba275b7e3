import { ButtonLink } from '../web/components/button.tsx';
import { Banner } from '../web/components/status.tsx';
import type { Locale } from '../web/locale.ts';
import type { MessageKey } from '../web/locales/ja.ts';
import { t } from '../web/text.ts';
import type { CaseView } from './view.ts';

interface Next {
  readonly text: MessageKey & `next.${string}`;
  readonly tone: 'info' | 'success' | 'warning' | 'danger';
  /** Where it is done: a page, or a part of this one. */
  readonly href?: string;
}

/** One sentence on top of every case: what this reader does next, or whom everybody waits for. */
export function CaseNext({ locale, view }: { readonly locale: Locale; readonly view: CaseView }) {
  const next = nextOf(view);
  if (next === null) return null;
  return (
    <Banner
      locale={locale}
      tone={next.tone}
      title={t(locale, next.text)}
      action={
        next.href && <ButtonLink href={next.href}>{t(locale, `${next.text}-do` as 'next.address-do')}</ButtonLink>
      }
    />
  );
}

function nextOf(view: CaseView): Next | null {
  if (view.side === 'person') return null;
  return view.side === 'sender' ? nextForSender(view) : nextForRecipient(view);
}

function nextForSender(view: CaseView): Next {
  switch (view.state) {
    case 'draft':
      return nextForDrafter(view);
    case 'submitted':
      return view.may.includes('approve')
        ? { text: 'next.approve', tone: 'warning', href: '#act' }
        : { text: 'next.wait-approval', tone: 'info' };
    case 'approved':
      return view.may.includes('seal')
        ? { text: 'next.seal', tone: 'warning', href: '#act' }
        : { text: 'next.wait-seal', tone: 'info' };
    case 'sealed':
      return view.may.includes('deposit')
        ? { text: 'next.deposit', tone: 'warning', href: '#act' }
        : { text: 'next.wait-seal', tone: 'info' };
    case 'deposited':
      return { text: 'next.wait-recipient', tone: 'info' };
    case 'opened':
      return { text: 'next.wait-acknowledgement', tone: 'info' };
    case 'acknowledged':
      return { text: 'next.done-sender', tone: 'success' };
    case 'returned':
      return { text: 'next.returned', tone: 'warning' };
    case 'withdrawn':
      return { text: 'next.withdrawn', tone: 'info' };
  }
}

function nextForDrafter(view: CaseView): Next {
  if (view.may.includes('edit') && view.recipient === null) {
    return { text: 'next.address', tone: 'warning', href: `/cases/${view.id}/recipient` };
  }
  if (!view.may.includes('addDocument')) return { text: 'next.wait-draft', tone: 'info' };
  if (view.documents.length === 0 || !view.may.includes('submit')) {
    return { text: 'next.add', tone: 'warning', href: '#add' };
  }
  return { text: 'next.submit', tone: 'warning', href: '#act' };
}

function nextForRecipient(view: CaseView): Next | null {
  switch (view.state) {
    case 'deposited':
      // The form stands right below.
      return { text: view.may.includes('open') ? 'next.open' : 'next.wait-open', tone: 'info' };
    case 'opened':
      if (view.verification?.outcome === 'invalid') return { text: 'next.bad', tone: 'danger' };
      if (view.verification?.outcome === 'unclear') return { text: 'next.unclear', tone: 'warning' };
      if (view.may.includes('acknowledge')) return { text: 'next.acknowledge', tone: 'warning', href: '#act' };
      return { text: view.documents.some(({ readable }) => readable) ? 'next.read' : 'next.wait-read', tone: 'info' };
    case 'acknowledged':
      return { text: 'next.done-recipient', tone: 'success' };
    case 'draft':
    case 'submitted':
    case 'approved':
    case 'sealed':
    case 'returned':
    case 'withdrawn':
      return null;
  }
}
