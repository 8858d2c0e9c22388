import { CREATION, SEND, requestOf } from '../support/payments.js';
import type { Answer as Member, PaymentInput } from '../support/payments.js';
import type { Answer, Intent } from './evidence.js';

interface Body {
  readonly data?: { readonly answer?: Member } | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

/** Sends a payment once. Never rejects. */
export async function ask(url: string, intent: Intent, signal: AbortSignal): Promise<Answer> {
  const operation = intent.operation === CREATION.mutation ? CREATION : SEND;
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(requestOf(operation, inputOf(intent))),
      signal,
    });
    return answerOf(response.status, await response.text());
  } catch (error) {
    return { kind: 'lost', reason: reasonOf(error) };
  }
}

function inputOf({ key, referenceId, amountMinor }: Intent): PaymentInput {
  return {
    idempotencyKey: key,
    customer: { userId: 'user-1', name: 'Alex Tremblay', email: 'alex.tremblay@example.com' },
    amount: { value: (amountMinor / 100).toFixed(2), currency: 'CAD' },
    referenceId,
  };
}

function answerOf(status: number, text: string): Answer {
  const { data, errors } = JSON.parse(text) as Body;
  const answer = data?.answer;
  if (answer === undefined) return { kind: 'fault', status, code: errors?.[0]?.extensions?.code ?? 'no code' };
  return {
    kind: 'member',
    name: answer.__typename,
    retryAdvice: answer.retryAdvice,
    retryAfterMs: answer.retryAfterMs,
    replayed: answer.replayed,
    payment: answer.paymentSession,
  };
}

function reasonOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: unknown }; name?: string };
  return typeof cause?.code === 'string' ? cause.code : (name ?? String(error));
}
