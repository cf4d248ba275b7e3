import { caseKinds } from '../records/kinds.ts';
import { type Case, caseShape } from './api-shapes.ts';
import { oneOf, readArguments } from './arguments.ts';
import { caseLines } from './case-lines.ts';
import { casePath } from './case-path.ts';
import type { Cli, CommandResult } from './cli.ts';
import { usageError } from './cli-error.ts';
import { parseDocumentOperand } from './document-operand.ts';
import { exitCodes } from './exit-codes.ts';
import { type GatewayClient, openGateway } from './gateway-client.node.ts';
import { cliText } from './text.ts';
import { uploadDocument } from './upload-document.node.ts';

/**
 * Sends records as far as a machine may: draft, documents, submission; and, once a person has approved, seal and deposit.
 * `--case` goes on where the last call ended.
 */
export async function send(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values, positionals } = readArguments(args, { options, operands: [0, 64] });
  const operands = positionals.map(parseDocumentOperand);
  if (values.seal === true && values.confirm === undefined) throw usageError('usage.confirm');
  const begin = values.case === undefined ? draftOf(values) : null;
  const gateway = await openGateway(cli, values.profile);
  let current = await load(begin === null ? gateway.get(casePath(values.case)) : gateway.post('/api/cases', begin));
  for (const operand of operands) await uploadDocument(cli, gateway, { of: current, operand });
  if (operands.length > 0) current = await load(gateway.get(casePath(current.id)));
  const hasContent = current.state === 'draft' && current.documents.length > 0;
  if (hasContent && values['no-submit'] !== true) {
    const body = { confirmIncomplete: values.incomplete === true };
    current = await load(gateway.post(casePath(current.id, 'submission'), body));
  }
  current = await finish(gateway, current, values);
  const next = cliText(cli.locale, nextStep(current), { id: current.id });
  return { exit: exitCodes.ok, value: current, lines: [...caseLines(current, cli.locale), next] };
}

const options = {
  case: { type: 'string' },
  kind: { type: 'string' },
  pupil: { type: 'string' },
  to: { type: 'string' },
  code: { type: 'string' },
  purpose: { type: 'string' },
  incomplete: { type: 'boolean' },
  'no-submit': { type: 'boolean' },
  seal: { type: 'boolean' },
  confirm: { type: 'string' },
  deposit: { type: 'boolean' },
} as const;

interface DraftValues {
  readonly kind?: string;
  readonly pupil?: string;
  readonly to?: string;
  readonly code?: string;
  readonly purpose?: string;
}

function draftOf({ kind, pupil, to, code, purpose }: DraftValues) {
  if (pupil === undefined || (to === undefined) === (code === undefined)) throw usageError('usage.send');
  return {
    kind: oneOf('--kind', kind ?? (code === undefined ? 'advancement' : 'schoolTransfer'), caseKinds),
    pupilId: pupil,
    recipientCode: to ?? null,
    acceptanceCode: code ?? null,
    purpose: purpose ?? '',
  };
}

async function finish(
  gateway: GatewayClient,
  given: Case,
  values: { readonly seal?: boolean; readonly confirm?: string; readonly deposit?: boolean },
): Promise<Case> {
  let current = given;
  // Whoever typed the four digits has compared the school: they are not taken from the case itself.
  if (values.seal === true && current.state !== 'sealed') {
    current = await load(gateway.post(casePath(current.id, 'seal'), { confirmation: values.confirm ?? '' }));
  }
  return values.deposit === true ? load(gateway.post(casePath(current.id, 'deposit'), {})) : current;
}

function nextStep({ state }: Case) {
  switch (state) {
    case 'draft':
      return 'next.draft';
    case 'submitted':
      return 'next.submitted';
    case 'approved':
      return 'next.approved';
    case 'sealed':
      return 'next.sealed';
    default:
      return 'next.none';
  }
}

async function load(answer: Promise<unknown>): Promise<Case> {
  return caseShape.parse(await answer);
}
