import { z } from '@hono/zod-openapi';
import { plainNumber } from '../../identity/access-codes/rules.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { ShareWish } from './make-share.ts';
import { audience, days, pin } from './schemas.ts';

/** The form as it was sent, to be shown again with its errors; a PIN is not shown again. */
export interface ShareForm {
  readonly audience?: string | undefined;
  readonly extent?: string | undefined;
  readonly fields: readonly string[];
  readonly days?: string | undefined;
  readonly once?: string | undefined;
}

const form = z.object({
  audience,
  extent: z.enum(['all', 'chosen']),
  fields: z.array(z.string().max(30)).max(100),
  days: z.coerce.number().pipe(days),
  pin: z.union([z.literal('').transform(() => null), pin]),
  once: z.literal('yes').optional(),
});

const messages: Readonly<Record<string, string>> = {
  audience: 'share.wrong-audience',
  extent: 'share.wrong-extent',
  fields: 'share.wrong-fields',
  pin: 'share.wrong-pin',
};

export function readShareForm(sent: URLSearchParams): ShareForm {
  const value = (name: string) => sent.get(name) ?? undefined;
  return {
    audience: value('audience'),
    extent: value('extent'),
    fields: sent.getAll('fields'),
    days: value('days'),
    once: value('once'),
  };
}

/** The wish, or the fields that are wrong with the key of their message. */
export function parseShareForm(
  values: ShareForm,
  typedPin: string,
): Result<Omit<ShareWish, 'certificateId'>, Readonly<Record<string, string>>> {
  const parsed = form.safeParse({ ...values, pin: plainNumber(typedPin) });
  if (!parsed.success) {
    const names = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
    return refuse(Object.fromEntries([...names].map((name) => [name, messages[name] ?? 'component.choose'])));
  }
  const { extent, fields, once, ...rest } = parsed.data;
  if (extent === 'chosen' && fields.length === 0) return refuse({ fields: 'share.wrong-fields' });
  return ok({ ...rest, fields: extent === 'all' ? 'all' : fields, once: once === 'yes' });
}
