import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { issuedKinds, personKinds, templateKinds } from '../records/certificate-kinds.ts';
import { verbContext } from '../transfers/context.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { changeSettings, type SettingsView, showSettings } from './settings.ts';
import { draftTemplate, publishTemplate, showTemplate, showTemplates } from './templates.ts';

const tags = ['certificates'];
const line = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}+$/u);
const body = z
  .string()
  .trim()
  .min(1)
  .max(400)
  .regex(/^\P{Cc}+$/u);

export const wordingSchema = z
  .strictObject({ titleJa: line, bodyJa: body, titleEn: line, bodyEn: body, principalJa: line, principalEn: line })
  .openapi('TemplateWording');

const template = z
  .object({
    id: z.string(),
    kind: z.enum(issuedKinds),
    version: z.int(),
    state: z.enum(['draft', 'published', 'replaced']),
    wording: wordingSchema,
    hasSealImage: z.boolean(),
    draftedAt: z.iso.datetime(),
    publishedAt: z.iso.datetime().nullable(),
  })
  .openapi('CertificateTemplate');

const templateBody = z
  .strictObject({
    kind: z.enum(templateKinds),
    wording: wordingSchema,
    sealImage: z
      .base64()
      .max(140_000)
      .nullable()
      .default(null)
      .openapi({ description: 'PNG, at most 100 KB; null: that of the version before' }),
  })
  .openapi('CertificateTemplateInput');

export const kindSetting = z.strictObject({
  offered: z.boolean(),
  feeYen: z.int().min(0).max(10_000),
  atOnce: z.boolean().openapi({ description: 'Issued at once, by this standing rule of the principal' }),
});

const settings = z
  .strictObject({
    version: z.int().min(0).openapi({ description: 'The version looked at; 0 before anything was set' }),
    kinds: z.strictObject(Object.fromEntries(personKinds.map((kind) => [kind, kindSetting]))),
  })
  .openapi('CertificateSettings');

/** Templates, and what the school offers. */
export function templateRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/certificate-templates',
      summary: 'The templates of this school, every version',
      tags,
      responses: {
        200: jsonContent(z.object({ items: z.array(template).readonly() }), 'By kind, newest first'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await showTemplates(await verbContext(c));
      return result.ok ? c.json({ items: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/certificate-templates',
      summary: 'Draft a new version of a template',
      tags,
      request: jsonBody(templateBody),
      responses: { 201: jsonContent(template, 'The draft; not in force yet'), ...problemResponses },
    }),
    async (c) => {
      const { sealImage, ...input } = c.req.valid('json');
      const image = sealImage === null ? null : new Uint8Array(Buffer.from(sealImage, 'base64'));
      const result = await draftTemplate(await verbContext(c), { ...input, sealImage: image });
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/certificate-templates/{templateId}',
      summary: 'One version of a template, with the picture of the seal',
      tags,
      request: { params: z.object({ templateId: z.string().max(100) }) },
      responses: {
        200: jsonContent(template.extend({ sealImage: z.base64().nullable() }), 'The version'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await showTemplate(await verbContext(c), c.req.valid('param').templateId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/certificate-templates/{templateId}/publication',
      summary: 'Put a version of a template in force',
      tags,
      request: { params: z.object({ templateId: z.string().max(100) }) },
      responses: { 200: jsonContent(template, 'In force'), ...problemResponses },
    }),
    async (c) => {
      const result = await publishTemplate(await verbContext(c), c.req.valid('param').templateId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  settingsRoutes(app);
}

function settingsRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/certificate-settings',
      summary: 'Which certificates this school offers',
      tags,
      responses: { 200: jsonContent(settings, 'By kind'), ...problemResponses },
    }),
    async (c) => {
      const result = await showSettings(await verbContext(c));
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/certificate-settings',
      summary: 'Decide which certificates are offered, for how much, and which are issued at once',
      tags,
      request: jsonBody(settings),
      responses: { 200: jsonContent(settings, 'By kind'), ...problemResponses },
    }),
    async (c) => {
      // Sound: the schema has every kind as a member.
      const input = c.req.valid('json') as SettingsView;
      const result = await changeSettings(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
}
