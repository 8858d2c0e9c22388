import { z } from 'zod';

/** A fault of webhook deliveries, as added by `POST /sandbox/webhook-faults`. */
export const webhookFaultSchema = z
  .strictObject({
    kind: z.enum(['drop', 'double', 'delay', 'reorder', 'forge', 'replay', 'stale']),
    count: z.int().min(1).default(1),
    delayMs: z.number().min(0).max(600_000).optional(),
  })
  .refine((fault) => (fault.kind === 'delay') === (fault.delayMs !== undefined), {
    when: ({ value }) => typeof value === 'object' && value !== null,
    path: ['delayMs'],
    error: 'send it with kind delay, and only then',
  });

/** A fault of webhook deliveries. */
export type WebhookFault = z.infer<typeof webhookFaultSchema>;
