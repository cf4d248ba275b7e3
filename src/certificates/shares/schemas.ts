import { z } from '@hono/zod-openapi';
import { issuedKinds } from '../../records/certificate-kinds.ts';
import { issuedCertificates } from '../tables.ts';
import { defaultShareDays, maxShareDays, pinPattern, shareStates } from './rules.ts';

const instant = z.iso.datetime();

export const audience = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^\P{Cc}+$/u);
export const days = z.int().min(1).max(maxShareDays);
export const pin = z.string().regex(pinPattern);

export const shareBody = z
  .strictObject({
    audience: audience.openapi({ description: 'Whom it is for, in your words; the viewer reads it' }),
    fields: z.union([z.literal('all'), z.array(z.string().max(30)).min(1).max(100)]).openapi({
      description: 'Names out of `share-fields`, or all of them; the file goes along only with all of them',
    }),
    pin: pin.nullable().default(null).openapi({ description: 'Six to twelve digits; tell them in another way' }),
    days: days.default(defaultShareDays),
    once: z.boolean().default(false).openapi({ description: 'Opens a single time' }),
  })
  .openapi('ShareWish');

export const shareView = z
  .object({
    id: z.string(),
    certificateId: z.string(),
    audience: z.string().nullable(),
    fields: z.array(z.string()).readonly(),
    whole: z.boolean(),
    once: z.boolean(),
    hasPin: z.boolean(),
    wrongPins: z.int(),
    state: z.enum(shareStates),
    madeAt: instant,
    expiresAt: instant,
    withdrawnAt: instant.nullable(),
    views: z.array(z.object({ hour: instant, times: z.int() })).readonly(),
  })
  .openapi('CertificateShare');

export const madeShare = z
  .object({
    share: shareView,
    url: z.url().nullable().openapi({ description: 'Shown this once; null when the same wish is sent again' }),
  })
  .openapi('MadeShare');

const certificate = z.object({
  id: z.string(),
  requestId: z.string(),
  kind: z.enum(issuedKinds),
  number: z.string(),
  state: z.enum(issuedCertificates.state.enumValues),
});

export const sharesOf = z.object({ certificate, shares: z.array(shareView).readonly() }).openapi('SharesOfCertificate');
export const shareFields = z.object({ certificate, fields: z.array(z.string()).readonly() }).openapi('ShareFields');
