import { z } from 'zod';
import { layoutSchema } from './lake/layout-schema.ts';

/** The keys of `wrapped.config.json`. */
export const configSchema = z.strictObject({
  ...layoutSchema.shape,
  lake: z.string().min(1).optional(),
  store: z.string().min(1).optional(),
  work: z.string().min(1).optional(),
  timezone: z.string().min(1).optional(),
  stories: z.string().min(1).optional(),
});

export type ConfigFile = z.infer<typeof configSchema>;
