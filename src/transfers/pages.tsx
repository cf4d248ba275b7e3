import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { searchForSchools } from '../directory/find-organisation.ts';
import { type Fault, fault } from '../faults.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { type Actor, scopeOf } from '../policy/actor.ts';
import { isAllowed, ownThing } from '../policy/decide.ts';
import { caseKinds } from '../records/kinds.ts';
import type { Result } from '../result.ts';
import { answerPreviewFrame, previewFramePath } from '../web/preview-frame.tsx';
import { acknowledgePackage } from './acknowledge-package.ts';
import type { VerbContext } from './act.ts';
import { addressCase } from './address-case.ts';
import { approvePackage } from './approve-package.ts';
import { breakGlassPages } from './break-glass-page-routes.tsx';
import { UnreadablePage } from './break-glass-pages.tsx';
import { CasePage } from './case-page.tsx';
import { verbContext } from './context.ts';
import { depositPackage } from './deposit-package.ts';
import { DocumentPage } from './document-page.tsx';
import { draftCase } from './draft-case.ts';
import { type FormValues, formValues, pick, textOrNull } from './form-values.ts';
import { ledgerPages } from './ledger/page-routes.tsx';
import { reportAccess } from './ledger/report-access.ts';
import { listPages } from './list-page-routes.tsx';
import { DraftPage } from './list-pages.tsx';
import { listDraftablePupils } from './list-pupils.ts';
import { showBreakGlass } from './open-break-glass.ts';
import { openPackage } from './open-package.ts';
import { pageStatus } from './page-status.ts';
import { protectionPages } from './protection/page-routes.tsx';
import { readDocument } from './read-document.ts';
import { RecipientPage } from './recipient-page.tsx';
import { removeDocument } from './remove-document.ts';
import { returnPackage } from './return-package.ts';
import { reviseCase } from './revise-case.ts';
import { sealCase } from './seal-package.ts';
import { showCase, showLedger, showReceipts } from './show-case.ts';
import { storyPages } from './story/page-routes.tsx';
import { submitCase } from './submit-case.ts';
import { uploadFromForm } from './upload-form.ts';
import { verifyPackage } from './verify-package.ts';
import type { CaseView, DocumentView } from './view.ts';
import { withdrawPackage } from './withdraw-package.ts';
import { withdrawalPages } from './withdrawal-page-routes.tsx';

type Page = Context<AppEnv>;

/** The procedure as pages: forms that work without script, each calling the verb that the API calls. */
export function transferPages(app: OpenAPIHono<AppEnv>): void {
  listPages(app);
  withdrawalPages(app);
  app.get('/cases/new', async (c) => draftPage(c, {}, null));
  app.post('/cases/new', async (c) => {
    const form = await formValues(c);
    const kind = pick(caseKinds, form['kind']);
    if (kind === null) return draftPage(c, form, fault('request.malformed', { fields: { kind: 'component.choose' } }));
    const input = {
      kind,
      pupilId: form['pupilId'] ?? '',
      recipientCode: null,
      acceptanceCode: null,
      purpose: form['purpose'] ?? '',
    };
    const result = await draftCase(await verbContext(c), input);
    return result.ok ? c.redirect(`/cases/${result.value.id}/recipient`, 303) : draftPage(c, form, result.fault);
  });
  app.get('/cases/:caseId', async (c) => casePage(c, null));
  app.get('/cases/:caseId/recipient', async (c) => recipientPage(c, null));
  app.post('/cases/:caseId/recipient', async (c) => {
    const form = await formValues(c);
    const input = {
      caseId: c.req.param('caseId'),
      recipientCode: textOrNull(form['recipientCode']),
      acceptanceCode: textOrNull(form['acceptanceCode']),
      version: null,
    };
    const result = await addressCase(await verbContext(c), input);
    return result.ok ? c.redirect(`/cases/${result.value.id}`, 303) : recipientPage(c, result.fault);
  });
  app.post('/cases/:caseId/ledger/reports', async (c) => {
    const { eventId = '' } = await formValues(c);
    const result = await reportAccess(await verbContext(c), { caseId: c.req.param('caseId'), eventId });
    const caseId = encodeURIComponent(c.req.param('caseId'));
    return result.ok ? c.redirect(`/cases/${caseId}?reported=yes`, 303) : sendProblemPage(c, result.fault);
  });
  app.get('/cases/:caseId/documents/:documentId', async (c) => documentPage(c));
  app.get(previewFramePath, (c) => answerPreviewFrame(c, c.get('cspNonce')));
  app.post('/cases/:caseId/documents', async (c) => {
    const result = await uploadFromForm(c, await verbContext(c), c.req.param('caseId'));
    return result.ok ? backToCase(c) : casePage(c, result.fault);
  });
  app.post('/cases/:caseId/documents/:documentId/removal', async (c) => {
    const input = { caseId: c.req.param('caseId'), documentId: c.req.param('documentId') };
    const result = await removeDocument(await verbContext(c), input);
    return result.ok ? backToCase(c) : casePage(c, result.fault);
  });
  breakGlassPages(app);
  protectionPages(app);
  storyPages(app);
  ledgerPages(app);
  for (const [path, act] of Object.entries(acts)) {
    app.post(`/cases/:caseId/${path}`, async (c) => {
      const form = await formValues(c);
      const result = await act(await verbContext(c), c.req.param('caseId') ?? '', form);
      return result.ok ? backToCase(c) : casePage(c, result.fault);
    });
  }
}

/** What the buttons of the case page do: the same verbs as the API, from form fields. */
const acts: Readonly<
  Record<string, (context: VerbContext, caseId: string, form: FormValues) => Promise<Result<CaseView>>>
> = {
  submission: (context, caseId, form) =>
    submitCase(context, { caseId, version: null, confirmIncomplete: form['confirmIncomplete'] === 'yes' }),
  approval: (context, caseId, form) => approvePackage(context, { caseId, contentDigest: form['contentDigest'] ?? '' }),
  revision: (context, caseId) => reviseCase(context, { caseId, version: null }),
  seal: async (context, caseId, form) => {
    const sealed = await sealCase(context, { caseId, confirmation: form['confirmation'] ?? '' });
    return sealed.ok ? depositPackage(context, { caseId }) : sealed;
  },
  deposit: (context, caseId) => depositPackage(context, { caseId }),
  withdrawal: (context, caseId, form) => withReason(form, (reason) => withdrawPackage(context, { caseId, reason })),
  opening: async (context, caseId, form) => {
    const opened = await openPackage(context, {
      caseId,
      acceptanceCode: textOrNull(form['acceptanceCode']),
      pupil:
        textOrNull(form['kana']) === null ? null : { kana: form['kana'] ?? '', birthDate: form['birthDate'] ?? '' },
      homeroom: textOrNull(form['homeroom']),
    });
    return opened.ok ? verifyPackage(context, { caseId }) : opened;
  },
  verification: (context, caseId) => verifyPackage(context, { caseId }),
  return: (context, caseId, form) => withReason(form, (reason) => returnPackage(context, { caseId, reason })),
  acknowledgement: (context, caseId) => acknowledgePackage(context, { caseId }),
};

async function withReason(
  form: FormValues,
  act: (reason: string) => Promise<Result<CaseView>>,
): Promise<Result<CaseView>> {
  const reason = (form['reason'] ?? '').trim();
  if (reason === '' || reason.length > 400) {
    return { ok: false, fault: fault('request.malformed', { fields: { reason: 'problem.reason-missing' } }) };
  }
  return act(reason);
}

function backToCase(c: Page): Response {
  return c.redirect(`/cases/${encodeURIComponent(c.req.param('caseId') ?? '')}`, 303);
}

async function draftPage(c: Page, form: FormValues, reason: Fault | null): Promise<Response> {
  const pupils = await listDraftablePupils(await verbContext(c));
  if (!pupils.ok) return sendProblemPage(c, pupils.fault);
  const values = { ...form, pupilId: form['pupilId'] ?? c.req.query('pupil') ?? '' };
  const page = <DraftPage frame={pageFrame(c)} pupils={pupils.value} values={values} reason={reason} />;
  return c.html(page, pageStatus(reason));
}

async function casePage(c: Page, reason: Fault | null): Promise<Response> {
  if (reason?.code === 'login.fresh-required') return sendProblemPage(c, reason);
  const context = await verbContext(c);
  const caseId = c.req.param('caseId') ?? '';
  const shown = await showCase({ ...context, idempotency: null }, caseId);
  if (!shown.ok) return sendProblemPage(c, shown.fault);
  const ledger = hasLedger(context.actor) ? await showLedger(context, caseId) : null;
  const receipts = shown.value.receipts.length > 0 ? await showReceipts(context, caseId) : null;
  const limit = c.get('gateway').settings.MAX_DOCUMENT_BYTES;
  const page = (
    <CasePage
      frame={pageFrame(c)}
      view={shown.value}
      ledger={ledger?.ok === true ? ledger.value : []}
      reported={c.req.query('reported') === 'yes'}
      isRenewed={receipts?.ok === true && receipts.value.renewal !== null}
      protects={isAllowed(context.actor, 'protection.enter', ownThing)}
      reason={reason}
      maxBytes={limit}
    />
  );
  return c.html(page, pageStatus(reason));
}

/** A guardian whom the school does not show any ledger is not logged as asking for one with every page. */
function hasLedger(actor: Actor): boolean {
  return actor.kind !== 'person' || actor.pupils.some(({ scope }) => scope.includes('ledger'));
}

/** Longer texts are saved instead of shown. */
const maxShownBytes = 512 * 1024;

async function documentPage(c: Page): Promise<Response> {
  const context = await verbContext(c);
  const caseId = c.req.param('caseId') ?? '';
  const shown = await showCase(context, caseId);
  if (!shown.ok) return sendProblemPage(c, shown.fault);
  const document = shown.value.documents.find(({ id }) => id === c.req.param('documentId'));
  if (document === undefined) return sendProblemPage(c, fault('document.not-found'));
  const glass = document.readable ? null : await glassOver(context, shown.value, document);
  if (!document.readable && !document.mayBreakGlass) return sendProblemPage(c, fault('document.not-found'));
  if (!document.readable && glass === null) {
    return c.html(<UnreadablePage frame={pageFrame(c)} view={shown.value} document={document} />, 403);
  }
  let text: string | null = null;
  if (document.mediaType === 'application/json' && (document.bytes ?? 0) <= maxShownBytes) {
    const read = await readDocument(context, { caseId, documentId: document.id });
    if (!read.ok) return sendProblemPage(c, read.fault);
    text = await textOf(read.value.body);
  }
  if (document.mediaType === 'application/pdf') c.set('holdsFrame', true);
  return c.html(<DocumentPage frame={pageFrame(c)} view={shown.value} document={document} text={text} glass={glass} />);
}

/** The break-glass under which the reader has this document open; null when there is none. */
async function glassOver(context: VerbContext, view: CaseView, document: DocumentView) {
  if (!document.mayBreakGlass) return null;
  const shown = await showBreakGlass(context, { caseId: view.id, documentId: document.id });
  return shown.ok ? shown.value.running : null;
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of body) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}

async function recipientPage(c: Page, reason: Fault | null): Promise<Response> {
  const context = await verbContext(c);
  const shown = await showCase(context, c.req.param('caseId') ?? '');
  if (!shown.ok) return sendProblemPage(c, shown.fault);
  const query = { prefecture: textOrNull(c.req.query('prefecture')), text: c.req.query('text') ?? '' };
  const searched = query.text !== '' || query.prefecture !== null;
  const schools = searched
    ? await context.gateway.database.transaction(scopeOf(context.actor), (tx) => searchForSchools(tx, query))
    : null;
  const page = (
    <RecipientPage frame={pageFrame(c)} view={shown.value} query={query} schools={schools} reason={reason} />
  );
  return c.html(page, pageStatus(reason));
}
