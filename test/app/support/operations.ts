import { z } from 'zod';

const operationSchema = z.object({
  summary: z.string().optional(),
  tags: z.array(z.string()).optional(),
  parameters: z.array(z.object({ name: z.string(), in: z.string() })).optional(),
  responses: z.record(z.string(), z.object({ content: z.record(z.string(), z.unknown()).optional() })),
});

const documentSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), operationSchema)) });

export type Operation = z.output<typeof operationSchema>;

/** One route as Hono keeps it. */
export interface RouteRow {
  readonly method: string;
  readonly path: string;
}

/** Every operation of an OpenAPI document, by the name `METHOD /path`. */
export function operationsOf(document: unknown): readonly { readonly name: string; readonly operation: Operation }[] {
  return Object.entries(documentSchema.parse(document).paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  );
}
