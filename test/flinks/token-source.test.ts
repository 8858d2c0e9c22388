import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Deadline } from '../../src/lib/deadline.js';
import { Sensitive } from '../../src/domain/sensitive.js';
import type { AccessToken, Authorize, TokenSource } from '../../src/flinks/tokens/token-source.js';
import { AutoTokens } from '../../src/flinks/tokens/auto-tokens.js';
import { CredentialGuard } from '../../src/flinks/tokens/credential-guard.js';
import { ReusableTokens } from '../../src/flinks/tokens/reusable-tokens.js';
import { SingleUseTokens } from '../../src/flinks/tokens/single-use-tokens.js';
import { notExecuted } from '../../src/domain/provider-result.js';
import type { ProviderResult } from '../../src/domain/provider-result.js';

const UNAUTHORIZED = notExecuted('unauthorized');
const DONE: ProviderResult<string> = { kind: 'succeeded', value: 'session' };

/** An authorize endpoint and the sessions started behind it. */
class Upstream {
  authorizeCalls = 0;
  refusals = 0;
  answerMs = 10;
  lifeMs = 299_000;
  failing: ProviderResult<never> | undefined;
  singleUse = false;
  readonly revoked = new Set<string>();
  readonly started: string[] = [];

  /** Refuses from now on every token that it has handed out. */
  revokeAll(): void {
    for (let made = 1; made <= this.authorizeCalls; made++) this.revoked.add(`token-${made}`);
  }

  readonly authorize: Authorize = async () => {
    const value = `token-${++this.authorizeCalls}`;
    await new Promise((resolve) => setTimeout(resolve, this.answerMs));
    if (this.failing !== undefined) return this.failing;
    return { kind: 'succeeded', value: { accessToken: new Sensitive(value), ttlMs: this.lifeMs } };
  };

  readonly start = async (token: AccessToken): Promise<ProviderResult<string>> => {
    await new Promise((resolve) => setTimeout(resolve, this.answerMs));
    const value = token.value.reveal();
    if (this.revoked.has(value) || (this.singleUse && this.started.includes(value))) {
      this.refusals += 1;
      return UNAUTHORIZED;
    }
    this.started.push(value);
    return DONE;
  };
}

let upstream: Upstream;
let tokens: TokenSource;

beforeEach(() => {
  jest.useFakeTimers();
  upstream = new Upstream();
});
afterEach(() => {
  tokens.close();
  jest.useRealTimers();
});

const session = (ms = 25_000) => tokens.startSession(upstream.start, Deadline.after(ms));

/** Lets time pass until a promise has settled. */
async function settled<T>(promise: Promise<T>): Promise<T> {
  const progress = { settled: false };
  void promise.finally(() => (progress.settled = true));
  while (!progress.settled) await jest.advanceTimersByTimeAsync(5);
  return promise;
}

const many = (count: number) => settled(Promise.all(Array.from({ length: count }, () => session())));

describe('reusable tokens', () => {
  beforeEach(() => {
    tokens = new ReusableTokens(upstream.authorize);
  });

  it('are fetched once for 200 concurrent misses', async () => {
    expect(new Set(await many(200))).toEqual(new Set([DONE]));
    expect(upstream.authorizeCalls).toBe(1);
  });

  it('are renewed before they end without a wait', async () => {
    await settled(session());
    await jest.advanceTimersByTimeAsync(200_000);
    await settled(session());
    expect(upstream.authorizeCalls).toBe(1);
    await jest.advanceTimersByTimeAsync(95_000);
    expect(upstream.authorizeCalls).toBe(2);
    await jest.advanceTimersByTimeAsync(60_000);
    const startedMs = performance.now();
    await settled(session());
    expect(performance.now() - startedMs).toBeLessThan(2 * upstream.answerMs);
    expect(upstream.started.at(-1)).toBe('token-2');
  });

  it('are not renewed while nobody uses them', async () => {
    await settled(session());
    await jest.advanceTimersByTimeAsync(24 * 3600_000);
    expect(upstream.authorizeCalls).toBeLessThanOrEqual(2);
  });

  it('are never used near their end', async () => {
    upstream.lifeMs = 10_000;
    await settled(session());
    await jest.advanceTimersByTimeAsync(9_100);
    upstream.revoked.add('token-1');
    await settled(session());
    expect(upstream.refusals).toBe(0);
  });

  it('share a failure with those who wait, and forget it', async () => {
    upstream.failing = { kind: 'unknown', reason: 'answered 500' };
    const outcomes = await many(50);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['not-executed']));
    expect(upstream.authorizeCalls).toBe(1);
    upstream.failing = undefined;
    expect(await settled(session())).toEqual(DONE);
    expect(upstream.authorizeCalls).toBe(2);
  });

  it('are replayed once when revoked under many calls', async () => {
    await settled(session());
    upstream.revoked.add('token-1');
    expect(new Set(await many(100))).toEqual(new Set([DONE]));
    expect(upstream.authorizeCalls).toBe(2);
  });

  it('that are refused when fresh are a misconfiguration', async () => {
    const result = await settled(tokens.startSession(() => Promise.resolve(UNAUTHORIZED), Deadline.after(1_000)));
    expect(result).toEqual({ kind: 'misconfigured', reason: 'a fresh token was refused' });
    expect(upstream.authorizeCalls).toBe(2);
  });

  it.each<[ProviderResult<never>, string]>([
    [UNAUTHORIZED, 'misconfigured'],
    [{ kind: 'misconfigured', reason: 'answered 404' }, 'misconfigured'],
    [{ kind: 'rejected', status: 400, message: 'wrong grant' }, 'misconfigured'],
    [{ kind: 'unknown', reason: 'answered 500' }, 'not-executed'],
    [notExecuted('rate-limited', 5), 'not-executed'],
  ])('that cannot be had, %j, leave the call %s', async (failing, kind) => {
    upstream.failing = failing;
    expect((await settled(session())).kind).toBe(kind);
    expect(upstream.started).toEqual([]);
  });

  it('that come too late leave the call unmade', async () => {
    upstream.answerMs = 5_000;
    expect(await settled(session(100))).toMatchObject({ kind: 'not-executed', reason: 'deadline' });
    await jest.advanceTimersByTimeAsync(20_000);
    expect(upstream.started).toEqual([]);
  });
});

describe('single-use tokens', () => {
  beforeEach(() => {
    upstream.singleUse = true;
    tokens = new SingleUseTokens(upstream.authorize);
  });

  it('are there before they are wanted', async () => {
    await settled(session());
    await jest.advanceTimersByTimeAsync(1_000);
    const startedMs = performance.now();
    await settled(session());
    expect(performance.now() - startedMs).toBeLessThan(2 * upstream.answerMs);
  });

  it('keep up with the rate of calls', async () => {
    upstream.answerMs = 100;
    await many(20);
    await jest.advanceTimersByTimeAsync(1_000);
    const startedMs = performance.now();
    expect(new Set(await many(4))).toEqual(new Set([DONE]));
    expect(performance.now() - startedMs).toBeLessThan(2 * upstream.answerMs);
    expect(upstream.refusals).toBe(0);
  });

  it('are let go when no session is started', async () => {
    await many(20);
    await jest.advanceTimersByTimeAsync(24 * 3600_000);
    const calls = upstream.authorizeCalls;
    await jest.advanceTimersByTimeAsync(24 * 3600_000);
    expect(upstream.authorizeCalls).toBe(calls);
    expect(await settled(session())).toEqual(DONE);
  });

  it('that ended are discarded', async () => {
    upstream.lifeMs = 2_000;
    await settled(session());
    await jest.advanceTimersByTimeAsync(60_000);
    for (let made = 1; made < upstream.authorizeCalls; made++) upstream.revoked.add(`token-${made}`);
    await settled(session());
    expect(upstream.refusals).toBeLessThanOrEqual(1);
  });

  it('are renewed while the old one still serves', async () => {
    upstream.answerMs = 500;
    await settled(session());
    await jest.advanceTimersByTimeAsync(299_000 - 30_000);
    const startedMs = performance.now();
    await settled(session());
    expect(performance.now() - startedMs).toBeLessThan(2 * upstream.answerMs);
  });

  it('are fetched for nobody who left', async () => {
    upstream.answerMs = 1_000;
    await settled(Promise.all(Array.from({ length: 300 }, () => session(100))));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(upstream.authorizeCalls).toBeLessThanOrEqual(64);
    expect(upstream.started).toEqual([]);
  });

  it('survive one failure among many calls', async () => {
    const { authorize } = upstream;
    const flaky = new SingleUseTokens(() =>
      upstream.authorizeCalls === 3 ? authorize().then(() => notExecuted('no-connection')) : authorize(),
    );
    tokens = flaky;
    expect(new Set(await many(40))).toEqual(new Set([DONE]));
  });

  it('fail steady callers without a storm', async () => {
    upstream.answerMs = 200;
    upstream.failing = UNAUTHORIZED;
    const sessions: Promise<ProviderResult<string>>[] = [];
    for (let made = 0; made < 100; made++) {
      sessions.push(session());
      await jest.advanceTimersByTimeAsync(40);
    }
    const outcomes = await settled(Promise.all(sessions));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['misconfigured']));
    expect(upstream.authorizeCalls).toBeLessThanOrEqual(110);
  });

  it('fail all who wait at once, without a storm', async () => {
    upstream.failing = UNAUTHORIZED;
    const outcomes = await many(500);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['misconfigured']));
    expect(upstream.authorizeCalls).toBeLessThanOrEqual(64);
  });

  it('serve lookups with one that started a session', async () => {
    await settled(session());
    const used: string[] = [];
    const lookup = (token: AccessToken) => {
      used.push(token.value.reveal());
      return Promise.resolve(DONE);
    };
    await settled(tokens.withAnyToken(lookup, Deadline.after(1_000)));
    await settled(tokens.withAnyToken(lookup, Deadline.after(1_000)));
    expect(used).toEqual(['token-1', 'token-1']);
  });

  it('are never handed out twice', async () => {
    const step = fc.record({ sessions: fc.nat(30), pauseMs: fc.nat(4_000), revoke: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        upstream = new Upstream();
        upstream.singleUse = true;
        upstream.lifeMs = 5_000;
        tokens = new SingleUseTokens(upstream.authorize);
        for (const { sessions, pauseMs, revoke } of steps) {
          if (revoke) upstream.revokeAll();
          expect((await many(sessions)).every(({ kind }) => kind === 'succeeded')).toBe(true);
          await jest.advanceTimersByTimeAsync(pauseMs);
        }
        tokens.close();
        expect(new Set(upstream.started).size).toBe(upstream.started.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe('auto tokens', () => {
  const learnt: string[] = [];

  beforeEach(() => {
    learnt.length = 0;
    tokens = new AutoTokens(new ReusableTokens(upstream.authorize), new SingleUseTokens(upstream.authorize), (policy) =>
      learnt.push(policy),
    );
  });

  it('learn reusable from a second session', async () => {
    await settled(session());
    expect(tokens.state).toEqual({ policy: 'auto', learnt: undefined });
    await settled(session());
    expect(tokens.state.detected).toBe('reusable');
    upstream.revoked.add('token-1');
    await many(10);
    expect(learnt).toEqual(['reusable']);
  });

  it('learn single-use from one refusal', async () => {
    upstream.singleUse = true;
    expect(new Set(await many(200))).toEqual(new Set([DONE]));
    expect(upstream.refusals).toBe(1);
    expect(learnt).toEqual(['single-use']);
  });

  it('learn nothing from the revocation of an unused token', async () => {
    upstream.revoked.add('token-1');
    await settled(session());
    expect(upstream.refusals).toBe(1);
    expect(learnt).toEqual([]);
  });

  it('let the next caller try when the first one failed', async () => {
    const failing = tokens.startSession(() => Promise.resolve(notExecuted('no-connection')), Deadline.after(1_000));
    const next = session();
    expect((await settled(failing)).kind).toBe('not-executed');
    expect(await settled(next)).toEqual(DONE);
  });

  it('keep nobody waiting for a first session that hangs', async () => {
    void tokens.startSession(() => new Promise<never>(() => undefined), Deadline.after(60_000));
    const startedMs = performance.now();
    expect(new Set(await many(60))).toEqual(new Set([DONE]));
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(tokens.state.detected).toBeUndefined();
  });

  it('keep nobody waiting past the own deadline', async () => {
    void tokens.startSession(() => new Promise<never>(() => undefined), Deadline.after(60_000));
    upstream.answerMs = 500;
    expect(await settled(session(100))).toMatchObject({ kind: 'not-executed', reason: 'deadline' });
  });
});

describe.each(['reusable', 'single-use', 'auto'] as const)('credentials that are refused, with %s tokens', (policy) => {
  const REFUSALS: readonly ProviderResult<never>[] = [
    UNAUTHORIZED,
    { kind: 'rejected', status: 400, message: 'wrong grant' },
    { kind: 'rejected', status: 200, message: '' },
    { kind: 'misconfigured', reason: 'answered 403' },
  ];

  beforeEach(() => {
    const { authorize } = new CredentialGuard(upstream.authorize);
    const [reusable, singleUse] = [new ReusableTokens(authorize), new SingleUseTokens(authorize)];
    tokens = {
      reusable,
      'single-use': singleUse,
      auto: new AutoTokens(reusable, singleUse, () => undefined),
    }[policy];
  });

  const kindsOf = (verdicts: readonly ProviderResult<string>[]) => new Set(verdicts.map(({ kind }) => kind));

  it.each([20, 200])('are tried once by %i sends at once, and by none for a while', async (count) => {
    for (const refusal of REFUSALS) {
      upstream.failing = refusal;
      const before = upstream.authorizeCalls;
      expect(kindsOf(await many(count))).toEqual(new Set(['misconfigured']));
      expect(upstream.authorizeCalls).toBe(before + 1);
      const startedMs = performance.now();
      expect(kindsOf(await many(count))).toEqual(new Set(['misconfigured']));
      expect(performance.now() - startedMs).toBeLessThan(20);
      expect(upstream.authorizeCalls).toBe(before + 1);
      await jest.advanceTimersByTimeAsync(61_000);
    }
    expect(upstream.started).toEqual([]);
  });

  it('are tried at longer and longer intervals under load, up to a minute', async () => {
    upstream.failing = UNAUTHORIZED;
    const triedAtMs: number[] = [];
    for (let count = 0; count < 500; count++) {
      const [before, atMs, answered] = [upstream.authorizeCalls, performance.now(), session()];
      await jest.advanceTimersByTimeAsync(500);
      expect((await answered).kind).toBe('misconfigured');
      if (upstream.authorizeCalls > before) triedAtMs.push(atMs);
    }
    const pauses = triedAtMs.slice(1).map((atMs, index) => Math.floor((atMs - (triedAtMs[index] ?? 0)) / 1_000));
    expect(pauses.slice(0, 6)).toEqual([5, 10, 20, 40, 60, 60]);
  });

  it('are taken by themselves once they are mended, and the pause begins small again', async () => {
    upstream.failing = UNAUTHORIZED;
    for (let round = 0; round < 6; round++) {
      await many(20);
      await jest.advanceTimersByTimeAsync(60_000);
    }
    expect(upstream.started).toEqual([]);
    upstream.failing = undefined;
    expect(kindsOf(await many(20))).toEqual(new Set(['succeeded']));
    upstream.revokeAll();
    await jest.advanceTimersByTimeAsync(2_000);
    upstream.failing = UNAUTHORIZED;
    expect(kindsOf(await many(20))).toEqual(new Set(['misconfigured']));
    upstream.failing = undefined;
    await jest.advanceTimersByTimeAsync(5_100);
    expect(kindsOf(await many(20))).toEqual(new Set(['succeeded']));
  });

  it('are not what a token that was revoked, or an authorize that does not answer, is taken for', async () => {
    for (const failing of [
      { kind: 'unknown', reason: 'answered 500' },
      notExecuted('no-connection'),
      notExecuted('rate-limited', 5),
    ] as const) {
      upstream.failing = failing;
      expect(kindsOf(await many(20))).toEqual(new Set(['not-executed']));
      upstream.failing = undefined;
      expect(await settled(session())).toEqual(DONE);
      upstream.revokeAll();
      expect(await settled(session())).toEqual(DONE);
      upstream.revokeAll();
      await jest.advanceTimersByTimeAsync(2_000);
    }
  });
});
