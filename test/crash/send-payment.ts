import { CREATION, SEND, requestOf } from '../support/payments.js';
import type { PaymentResult, PaymentInput } from '../support/payments.js';
import type { ClientResponse, Intention } from './evidence.js';

interface Body {
  readonly data?: { readonly result?: PaymentResult } | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

/** Sends a payment once. Never rejects. */
export async function sendPayment(url: string, intention: Intention, signal: AbortSignal): Promise<ClientResponse> {
  const operation = intention.operation === CREATION.mutation ? CREATION : SEND;
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(requestOf(operation, inputOf(intention))),
      signal,
    });
    return toClientResponse(response.status, await response.text());
  } catch (error) {
    return { kind: 'lost', reason: reasonOf(error) };
  }
}

function inputOf({ key, referenceId, amountMinor }: Intention): PaymentInput {
  return {
    idempotencyKey: key,
    customer: { userId: 'user-1', name: 'Alex Tremblay', email: 'alex.tremblay@example.com' },
    amount: { value: (amountMinor / 100).toFixed(2), currency: 'CAD' },
    referenceId,
  };
}

function toClientResponse(status: number, text: string): ClientResponse {
  const { data, errors } = JSON.parse(text) as Body;
  const result = data?.result;
  if (result === undefined) return { kind: 'error', status, code: errors?.[0]?.extensions?.code ?? 'no code' };
  return {
    kind: 'result',
    name: result.__typename,
    retryAdvice: result.retryAdvice,
    retryAfterMs: result.retryAfterMs,
    replayed: result.replayed,
    payment: result.paymentSession,
  };
}

function reasonOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: unknown }; name?: string };
  return typeof cause?.code === 'string' ? cause.code : (name ?? String(error));
}
