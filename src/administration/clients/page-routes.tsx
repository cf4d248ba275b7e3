import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { z } from 'zod';
import type { AppEnv } from '../../app-env.ts';
import { type Fault, fault, publicFault } from '../../faults.ts';
import { blockClient, deleteClient, unblockClient } from '../../identity/clients/block-client.ts';
import { retireClientKey } from '../../identity/clients/exchange-key.ts';
import { type ClientView, listClients, showClient } from '../../identity/clients/list-clients.ts';
import { parsePublicKey } from '../../identity/clients/public-key.ts';
import { textOf } from '../../identity/forms.ts';
import { pageFrame, sendProblemPage } from '../../identity/frame.tsx';
import type { IdentityServices } from '../../identity/services.ts';
import type { Actor } from '../../policy/actor.ts';
import { type Result, refuse } from '../../result.ts';
import { verbContext } from '../../transfers/context.ts';
import { listProposals, type ProposalView } from '../proposals.ts';
import { ClientPage } from './client-page.tsx';
import { type ClientForm, ClientsPage, clientsPath, NewClientPage, RegisteredPage } from './pages.tsx';
import { proposeClient, proposeClientChange, proposeClientKey } from './propose-client.ts';
import { clientFields, clientLimits, overlapDays } from './schemas.ts';

const emptyForm: ClientForm = {
  name: '',
  vendor: '',
  scopes: ['transfers:read', 'transfers:write'],
  requestsPerMinute: '',
  uploadsPerDay: '2000',
  publicKey: '',
};

/** Numbers of a form are text, and an empty one is none. */
const formSchema = z.object({
  ...clientFields,
  requestsPerMinute: z
    .string()
    .transform((text) => (text === '' ? null : Number(text)))
    .pipe(clientLimits.requestsPerMinute),
  uploadsPerDay: z.string().regex(/^\d+$/).transform(Number).pipe(clientLimits.uploadsPerDay),
});

/** The pages of school-affairs systems: list, register, change, exchange keys, block, delete. */
export function clientPages(app: OpenAPIHono<AppEnv>): void {
  app.get(clientsPath, async (c) => {
    const clients = await listClients(c.get('gateway').identity, c.get('actor'));
    if (!clients.ok) return sendProblemPage(c, clients.fault);
    const proposals = await clientProposals(c, null);
    return c.html(<ClientsPage frame={pageFrame(c)} clients={clients.value} proposals={proposals} />);
  });
  app.get(`${clientsPath}/new`, async (c) => {
    const allowed = await listClients(c.get('gateway').identity, c.get('actor'));
    if (!allowed.ok) return sendProblemPage(c, allowed.fault);
    return c.html(<NewClientPage frame={pageFrame(c)} form={emptyForm} reason={null} />);
  });
  app.post(`${clientsPath}/new`, (c) => register(c));
  app.get(`${clientsPath}/:clientId`, (c) => clientPage(c, null));
  app.post(`${clientsPath}/:clientId`, async (c) => {
    const form = await clientForm(c);
    const input = parseForm(form);
    if (!input.ok) return clientPage(c, { form: form.shown, reason: input.fault });
    const change = { ...input.value, clientId: c.req.param('clientId') };
    const result = await proposeClientChange(await verbContext(c), change);
    return result.ok ? backTo(c) : clientPage(c, { form: form.shown, reason: result.fault });
  });
  keyPages(app);
  app.post(`${clientsPath}/:clientId/block`, (c) => actOn(c, blockClient));
  app.post(`${clientsPath}/:clientId/unblock`, (c) => actOn(c, unblockClient));
  app.post(`${clientsPath}/:clientId/deletion`, async (c) => {
    const result = await deleteClient(c.get('gateway').identity, c.get('actor'), c.req.param('clientId'));
    return result.ok ? c.redirect(clientsPath, 303) : clientPage(c, { form: null, reason: result.fault });
  });
}

function keyPages(app: OpenAPIHono<AppEnv>): void {
  app.post(`${clientsPath}/:clientId/keys`, async (c) => {
    const body = await c.req.parseBody();
    const publicKey = textOf(body, 'publicKey') ?? '';
    const days = overlapDays.safeParse(textOf(body, 'overlapDays'));
    const input = { clientId: c.req.param('clientId'), publicKey, overlapDays: days.data ?? 0 };
    const result = days.success
      ? await proposeClientKey(await verbContext(c), input)
      : refuse(fault('request.malformed', { fields: { '/overlapDays': 'problem.field' } }));
    return result.ok ? backTo(c) : clientPage(c, { form: null, reason: result.fault });
  });
  app.post(`${clientsPath}/:clientId/keys/retire`, async (c) => {
    const thumbprint = textOf(await c.req.parseBody(), 'thumbprint') ?? '';
    const input = { clientId: c.req.param('clientId'), thumbprint };
    const result = await retireClientKey(c.get('gateway').identity, c.get('actor'), input);
    return result.ok ? backTo(c) : clientPage(c, { form: null, reason: result.fault });
  });
}

async function register(c: Context<AppEnv>): Promise<Response> {
  const { identity } = c.get('gateway');
  const allowed = await listClients(identity, c.get('actor'));
  if (!allowed.ok) return sendProblemPage(c, allowed.fault);
  const form = await clientForm(c);
  const input = parseForm(form);
  const result = input.ok
    ? await proposeClient(await verbContext(c), { ...input.value, publicKey: form.shown.publicKey })
    : input;
  if (result.ok) {
    const [proposal = null] = await clientProposals(c, result.value.clientId);
    const origin = identity.publicOrigin;
    const page = <RegisteredPage {...{ frame: pageFrame(c), registration: result.value, proposal, origin }} />;
    return c.html(page, 202);
  }
  if (isClosed(result.fault)) return sendProblemPage(c, result.fault);
  const key = parsePublicKey(form.shown.publicKey);
  const isPrivate = !key.ok && key.fault.code === 'client.private-key';
  // A private key is not sent back, whatever else is wrong with the form.
  const shown = isPrivate ? { ...form.shown, publicKey: '' } : form.shown;
  const reason = isPrivate ? key.fault : result.fault;
  return c.html(<NewClientPage frame={pageFrame(c)} form={shown} reason={reason} />, 422);
}

type SimpleAct = (services: IdentityServices, actor: Actor, clientId: string) => Promise<Result<true>>;

async function actOn(c: Context<AppEnv>, act: SimpleAct): Promise<Response> {
  const result = await act(c.get('gateway').identity, c.get('actor'), c.req.param('clientId') ?? '');
  return result.ok ? backTo(c) : clientPage(c, { form: null, reason: result.fault });
}

async function clientPage(
  c: Context<AppEnv>,
  refused: { readonly form: ClientForm | null; readonly reason: Fault } | null,
): Promise<Response> {
  if (refused !== null && isClosed(refused.reason)) return sendProblemPage(c, refused.reason);
  const client = await showClient(c.get('gateway').identity, c.get('actor'), c.req.param('clientId') ?? '');
  if (!client.ok) return sendProblemPage(c, client.fault);
  const form = refused?.form ?? formOf(client.value);
  const props = {
    frame: pageFrame(c),
    client: client.value,
    form,
    reason: refused?.reason ?? null,
    proposals: await clientProposals(c, client.value.id),
    origin: c.get('gateway').identity.publicOrigin,
  };
  const page = <ClientPage {...props} />;
  return c.html(page, refused === null ? 200 : 422);
}

/** What waits for a second person, of one system or of all. */
async function clientProposals(c: Context<AppEnv>, clientId: string | null): Promise<readonly ProposalView[]> {
  const proposals = await listProposals({ gateway: c.get('gateway'), actor: c.get('actor'), idempotency: null });
  if (!proposals.ok) return [];
  return proposals.value.filter(
    ({ state, client }) => state === 'pending' && client !== null && (clientId === null || client.id === clientId),
  );
}

/** Who may not do this at all gets a page of its own and not the form again. */
function isClosed({ code }: Fault): boolean {
  return [401, 403, 404].includes(publicFault(code).status) && code !== 'client.key-not-found';
}

function backTo(c: Context<AppEnv>): Response {
  return c.redirect(`${clientsPath}/${encodeURIComponent(c.req.param('clientId') ?? '')}`, 303);
}

interface TypedForm {
  readonly shown: ClientForm;
  readonly confirmHealth: boolean;
}

async function clientForm(c: Context<AppEnv>): Promise<TypedForm> {
  const body = await c.req.parseBody({ all: true });
  const several = (name: string) => [body[name] ?? []].flat().filter((value) => typeof value === 'string');
  const one = (name: string) => textOf(body, name) ?? '';
  const shown = {
    name: one('name'),
    vendor: one('vendor'),
    scopes: several('scopes'),
    requestsPerMinute: one('requestsPerMinute').normalize('NFKC'),
    uploadsPerDay: one('uploadsPerDay').normalize('NFKC'),
    publicKey: one('publicKey'),
  };
  return { shown, confirmHealth: several('confirmHealth').includes('yes') };
}

function parseForm({ shown, confirmHealth }: TypedForm): Result<z.output<typeof formSchema>> {
  const parsed = formSchema.safeParse({ ...shown, confirmHealth });
  if (parsed.success) return { ok: true, value: parsed.data };
  const fields = Object.fromEntries(parsed.error.issues.map(({ path }) => [`/${String(path[0])}`, 'problem.field']));
  return refuse(fault('request.malformed', { fields }));
}

function formOf({ name, vendor, scopes, requestsPerMinute, uploadsPerDay }: ClientView): ClientForm {
  return {
    name,
    vendor,
    scopes,
    requestsPerMinute: String(requestsPerMinute),
    uploadsPerDay: String(uploadsPerDay),
    publicKey: '',
  };
}
