import { z } from 'zod';

/** Every point on which the Flinks documents disagree, and what a rehearsal wants to vary. */
export const switchesSchema = z.strictObject({
  tokenLifeSeconds: z.number().positive(),
  singleUseTokens: z.boolean(),
  latencyMs: z.number().min(0).max(600_000),
  statusSchema: z.enum(['A', 'B']),
  sendRequestNeedsActivation: z.boolean(),
  username: z.string().min(1),
  password: z.string().min(1),
  instance: z.string().min(1),
  credentials: z.enum(['basic', 'form']),
  tokenHeader: z.enum(['Authorization', 'BearerToken']),
  clientUrlsField: z.enum(['clientUrls', 'clientURIs']),
  amountEncoding: z.enum(['number', 'string']),
});

export type Switches = z.infer<typeof switchesSchema>;

export const defaultSwitches: Readonly<Switches> = {
  tokenLifeSeconds: 299,
  singleUseTokens: false,
  latencyMs: 0,
  statusSchema: 'A',
  sendRequestNeedsActivation: false,
  username: 'sandbox',
  password: 'sandbox-password',
  instance: 'sandbox',
  credentials: 'basic',
  tokenHeader: 'Authorization',
  clientUrlsField: 'clientUrls',
  amountEncoding: 'number',
};

/** Every problem of a refused value in one line, such as `latencyMs: expected number; colour: not known`. */
export function problemsOf(error: z.ZodError): string {
  return error.issues.map((issue) => [...issue.path, issue.message].join(': ')).join('; ');
}
