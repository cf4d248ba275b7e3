import { ButtonLink } from '../web/components/button.tsx';
import { Banner } from '../web/components/status.tsx';
import type { Locale } from '../web/locale.ts';
import type { MessageKey } from '../web/locales/ja.ts';
import { t } from '../web/text.ts';
import type { CaseView } from './view.ts';

type NextText = Extract<MessageKey, `next.${string}`>;

interface Next {
  readonly text: NextText;
  readonly tone: 'info' | 'success' | 'warning' | 'danger';
  /** Where it is done: a page, or a part of this one. */
  readonly link?: { readonly href: string; readonly text: NextText };
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
      action={next.link && <ButtonLink href={next.link.href}>{t(locale, next.link.text)}</ButtonLink>}
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
      if (view.approvalByAnother) return { text: 'next.wait-other-approver', tone: 'warning' };
      return view.may.includes('approve')
        ? { text: 'next.approve', tone: 'warning', link: { href: '#act', text: 'next.approve-do' } }
        : { text: 'next.wait-approval', tone: 'info' };
    case 'approved':
      return view.may.includes('seal')
        ? { text: 'next.seal', tone: 'warning', link: { href: '#act', text: 'next.seal-do' } }
        : { text: 'next.wait-seal', tone: 'info' };
    case 'sealed':
      return view.may.includes('deposit')
        ? { text: 'next.deposit', tone: 'warning', link: { href: '#act', text: 'next.deposit-do' } }
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
    return {
      text: 'next.address',
      tone: 'warning',
      link: { href: `/cases/${view.id}/recipient`, text: 'next.address-do' },
    };
  }
  if (!view.may.includes('addDocument')) return { text: 'next.wait-draft', tone: 'info' };
  if (view.documents.length === 0 || !view.may.includes('submit')) {
    return { text: 'next.add', tone: 'warning', link: { href: '#add', text: 'next.add-do' } };
  }
  return { text: 'next.submit', tone: 'warning', link: { href: '#act', text: 'next.submit-do' } };
}

function nextForRecipient(view: CaseView): Next | null {
  switch (view.state) {
    case 'deposited':
      // The form stands right below.
      return { text: view.may.includes('open') ? 'next.open' : 'next.wait-open', tone: 'info' };
    case 'opened':
      if (view.verification?.outcome === 'invalid') return { text: 'next.bad', tone: 'danger' };
      if (view.verification?.outcome === 'unclear') return { text: 'next.unclear', tone: 'warning' };
      if (view.may.includes('acknowledge'))
        return { text: 'next.acknowledge', tone: 'warning', link: { href: '#act', text: 'next.acknowledge-do' } };
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
