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
  cancelledSpelling: z.enum(['Cancelled', 'Canceled']),
  settleAfterMs: z.number().min(0).max(600_000),
  sessionDetails: z.boolean(),
  cancel: z.enum(['v2', 'none']),
  webhookUrl: z.url({ protocol: /^https?$/, error: 'must be an http or https URL, or empty' }).or(z.literal('')),
  webhookSecret: z.string().min(1),
  webhookSignature: z.enum(['hex', 'base64']),
  webhookLayout: z.enum(['flat', 'enveloped']),
  webhookNamesRequest: z.boolean(),
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
  cancelledSpelling: 'Cancelled',
  settleAfterMs: 3_000,
  sessionDetails: true,
  cancel: 'v2',
  webhookUrl: '',
  webhookSecret: 'sandbox-webhook-secret',
  webhookSignature: 'hex',
  webhookLayout: 'flat',
  webhookNamesRequest: true,
};

const problemsTold = 20;

/** The problems of a refused value in one line, such as `latencyMs: expected number; colour: not known`. */
export function problemsOf({ issues }: z.ZodError): string {
  const told = issues.slice(0, problemsTold).map(({ path, message }) => [...path, message].join(': '));
  const untold = issues.length - told.length;
  return [...told, ...(untold > 0 ? [`and ${untold} more`] : [])].join('; ');
}
