import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_ATTEMPTS, decideRetry } from '../../src/flinks/retry-policy.js';
import type { Step } from '../../src/flinks/retry-policy.js';
import { notExecuted } from '../../src/domain/provider-result.js';
import type { ProviderResult } from '../../src/domain/provider-result.js';

const UNKNOWN: ProviderResult<never> = { kind: 'unknown', reason: 'no response' };
const REFUSED: ProviderResult<never> = { kind: 'rejected', status: 400, message: '' };
const MISCONFIGURED: ProviderResult<never> = { kind: 'misconfigured', reason: 'responded 404' };
const DONE: ProviderResult<string> = { kind: 'succeeded', value: '' };
const LIMITED = notExecuted('rate-limited', 1_000);

const STEPS: Step[] = ['initiate', 'activate-link', 'send', 'activate-sent'];

describe('decideRetry', () => {
  it.each<[Step, ProviderResult<unknown>, string]>([
    ['initiate', UNKNOWN, 'same-step'],
    ['activate-link', UNKNOWN, 'start-over'],
    ['activate-sent', UNKNOWN, 'same-step'],
    ['send', UNKNOWN, 'stop'],
    ...STEPS.flatMap((step): [Step, ProviderResult<unknown>, string][] => [
      [step, notExecuted('no-connection'), 'same-step'],
      [step, notExecuted('no-token'), 'same-step'],
      [step, notExecuted('no-slot'), 'same-step'],
      [step, LIMITED, 'same-step'],
      [step, notExecuted('circuit-open', 2_000), 'stop'],
      [step, REFUSED, 'stop'],
      [step, MISCONFIGURED, 'stop'],
      [step, DONE, 'stop'],
    ]),
  ])('after the step %s with result %j decides %s', (step, result, action) => {
    expect(decideRetry(step, result, 1, 25_000, 0.5).action).toBe(action);
  });

  it('waits a random time below a growing bound', () => {
    const bound = (failed: number) => decideRetry('initiate', UNKNOWN, failed, 25_000, 1);
    expect([1, 2, 3, 4].map(bound)).toMatchObject([
      { afterMs: 100 },
      { afterMs: 200 },
      { afterMs: 400 },
      { afterMs: 800 },
    ]);
    expect(decideRetry('initiate', UNKNOWN, 1, 25_000, 0)).toMatchObject({ afterMs: 0 });
  });

  it('waits as long as Flinks asks for', () => {
    expect(decideRetry('send', LIMITED, 1, 25_000, 0)).toMatchObject({ action: 'same-step', afterMs: 1_000 });
  });

  const anyResult = fc.constantFrom<ProviderResult<unknown>>(UNKNOWN, REFUSED, MISCONFIGURED, DONE, LIMITED);

  it('never repeats a send that may have been executed', () => {
    fc.assert(
      fc.property(
        anyResult,
        fc.integer({ min: 1, max: 9 }),
        fc.nat(30_000),
        fc.double({ min: 0, max: 1 }),
        (...inputs) => {
          const [result, failed, remainingMs, random] = inputs;
          const decision = decideRetry('send', result, failed, remainingMs, Number.isNaN(random) ? 0 : random);
          expect(decision.action === 'stop' || result.kind === 'not-executed').toBe(true);
        },
      ),
    );
  });

  it('always gives a reason, and never retries after the deadline or the last attempt', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STEPS), anyResult, fc.integer({ min: 1, max: 9 }), fc.nat(3_000), (...inputs) => {
        const [step, result, failed, remainingMs] = inputs;
        const decision = decideRetry(step, result, failed, remainingMs, 0.9);
        expect(decision.why).not.toBe('');
        if (decision.action === 'stop') return;
        expect(decision.afterMs).toBeLessThan(remainingMs);
        expect(failed).toBeLessThan(MAX_ATTEMPTS);
      }),
    );
  });
});
