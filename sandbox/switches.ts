import { z } from 'zod';

/** The points on which the documents of Flinks disagree, and behaviour that tests vary. */
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

/** The behaviour of the sandbox, as changed by `PATCH /sandbox/switches`. */
export type Switches = z.infer<typeof switchesSchema>;

/** The values of switches that are not set. */
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

const maxProblems = 20;

/** The problems of a rejected value in one line, such as `latencyMs: expected number; colour: not known`. */
export function problemsOf({ issues }: z.ZodError): string {
  const reported = issues.slice(0, maxProblems).map(({ path, message }) => [...path, message].join(': '));
  const omitted = issues.length - reported.length;
  return [...reported, ...(omitted > 0 ? [`and ${omitted} more`] : [])].join('; ');
}
