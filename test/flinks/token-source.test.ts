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

/** Plays Flinks: the authorize endpoint, and the sessions started with its tokens. */
class Upstream {
  authorizeCalls = 0;
  rejections = 0;
  responseMs = 10;
  lifetimeMs = 299_000;
  failure: ProviderResult<never> | undefined;
  singleUse = false;
  readonly revoked = new Set<string>();
  readonly started: string[] = [];

  /** From now on rejects every token that it has issued. */
  revokeAll(): void {
    for (let count = 1; count <= this.authorizeCalls; count++) this.revoked.add(`token-${count}`);
  }

  readonly authorize: Authorize = async () => {
    const value = `token-${++this.authorizeCalls}`;
    await new Promise((resolve) => setTimeout(resolve, this.responseMs));
    if (this.failure !== undefined) return this.failure;
    return { kind: 'succeeded', value: { accessToken: new Sensitive(value), ttlMs: this.lifetimeMs } };
  };

  readonly start = async (token: AccessToken): Promise<ProviderResult<string>> => {
    await new Promise((resolve) => setTimeout(resolve, this.responseMs));
    const value = token.value.reveal();
    if (this.revoked.has(value) || (this.singleUse && this.started.includes(value))) {
      this.rejections += 1;
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
async function untilSettled<T>(promise: Promise<T>): Promise<T> {
  const progress = { isSettled: false };
  void promise.finally(() => (progress.isSettled = true));
  while (!progress.isSettled) await jest.advanceTimersByTimeAsync(5);
  return promise;
}

const manySessions = (count: number) => untilSettled(Promise.all(Array.from({ length: count }, () => session())));

describe('ReusableTokens', () => {
  beforeEach(() => {
    tokens = new ReusableTokens(upstream.authorize);
  });

  it('requests one token for 200 concurrent sessions', async () => {
    expect(new Set(await manySessions(200))).toEqual(new Set([DONE]));
    expect(upstream.authorizeCalls).toBe(1);
  });

  it('renews the token before it expires, without making a session wait', async () => {
    await untilSettled(session());
    await jest.advanceTimersByTimeAsync(200_000);
    await untilSettled(session());
    expect(upstream.authorizeCalls).toBe(1);
    await jest.advanceTimersByTimeAsync(95_000);
    expect(upstream.authorizeCalls).toBe(2);
    await jest.advanceTimersByTimeAsync(60_000);
    const startedMs = performance.now();
    await untilSettled(session());
    expect(performance.now() - startedMs).toBeLessThan(2 * upstream.responseMs);
    expect(upstream.started.at(-1)).toBe('token-2');
  });

  it('does not renew the token while nobody uses it', async () => {
    await untilSettled(session());
    await jest.advanceTimersByTimeAsync(24 * 3600_000);
    expect(upstream.authorizeCalls).toBeLessThanOrEqual(2);
  });

  it('requests a new token when the cached one expires within the safety margin', async () => {
    upstream.lifetimeMs = 10_000;
    await untilSettled(session());
    await jest.advanceTimersByTimeAsync(9_100);
    upstream.revoked.add('token-1');
    await untilSettled(session());
    expect(upstream.rejections).toBe(0);
  });

  it('fails every waiting session with one authorize failure, and tries again for the next', async () => {
    upstream.failure = { kind: 'unknown', reason: 'responded 500' };
    const outcomes = await manySessions(50);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['not-executed']));
    expect(upstream.authorizeCalls).toBe(1);
    upstream.failure = undefined;
    expect(await untilSettled(session())).toEqual(DONE);
    expect(upstream.authorizeCalls).toBe(2);
  });

  it('requests one new token when the cached one is revoked during many calls', async () => {
    await untilSettled(session());
    upstream.revoked.add('token-1');
    expect(new Set(await manySessions(100))).toEqual(new Set([DONE]));
    expect(upstream.authorizeCalls).toBe(2);
  });

  it('reports a misconfiguration when Flinks rejects a fresh token', async () => {
    const result = await untilSettled(tokens.startSession(() => Promise.resolve(UNAUTHORIZED), Deadline.after(1_000)));
    expect(result).toEqual({ kind: 'misconfigured', reason: 'a fresh token was refused' });
    expect(upstream.authorizeCalls).toBe(2);
  });

  it.each<[ProviderResult<never>, string]>([
    [UNAUTHORIZED, 'misconfigured'],
    [{ kind: 'misconfigured', reason: 'responded 404' }, 'misconfigured'],
    [{ kind: 'rejected', status: 400, message: 'wrong grant' }, 'misconfigured'],
    [{ kind: 'unknown', reason: 'responded 500' }, 'not-executed'],
    [notExecuted('rate-limited', 5), 'not-executed'],
  ])('does not start the session when authorize results in %j, and reports it as %s', async (failure, kind) => {
    upstream.failure = failure;
    expect((await untilSettled(session())).kind).toBe(kind);
    expect(upstream.started).toEqual([]);
  });

  it('does not start the session when the token arrives after the deadline', async () => {
    upstream.responseMs = 5_000;
    expect(await untilSettled(session(100))).toMatchObject({ kind: 'not-executed', reason: 'deadline' });
    await jest.advanceTimersByTimeAsync(20_000);
    expect(upstream.started).toEqual([]);
  });
});

describe('SingleUseTokens', () => {
  beforeEach(() => {
    upstream.singleUse = true;
    tokens = new SingleUseTokens(upstream.authorize);
  });

  it('has a token ready before the next session needs it', async () => {
    await untilSettled(session());
    await jest.advanceTimersByTimeAsync(1_000);
    const startedMs = performance.now();
    await untilSettled(session());
    expect(performance.now() - startedMs).toBeLessThan(2 * upstream.responseMs);
  });

  it('keeps as many tokens ready as the rate of sessions needs', async () => {
    upstream.responseMs = 100;
    await manySessions(20);
    await jest.advanceTimersByTimeAsync(1_000);
    const startedMs = performance.now();
    expect(new Set(await manySessions(4))).toEqual(new Set([DONE]));
    expect(performance.now() - startedMs).toBeLessThan(2 * upstream.responseMs);
    expect(upstream.rejections).toBe(0);
  });

  it('stops requesting tokens when no session is started', async () => {
    await manySessions(20);
    await jest.advanceTimersByTimeAsync(24 * 3600_000);
    const calls = upstream.authorizeCalls;
    await jest.advanceTimersByTimeAsync(24 * 3600_000);
    expect(upstream.authorizeCalls).toBe(calls);
    expect(await untilSettled(session())).toEqual(DONE);
  });

  it('discards expired tokens', async () => {
    upstream.lifetimeMs = 2_000;
    await untilSettled(session());
    await jest.advanceTimersByTimeAsync(60_000);
    for (let count = 1; count < upstream.authorizeCalls; count++) upstream.revoked.add(`token-${count}`);
    await untilSettled(session());
    expect(upstream.rejections).toBeLessThanOrEqual(1);
  });

  it('replaces a token before it expires, without making a session wait', async () => {
    upstream.responseMs = 500;
    await untilSettled(session());
    await jest.advanceTimersByTimeAsync(299_000 - 30_000);
    const startedMs = performance.now();
    await untilSettled(session());
    expect(performance.now() - startedMs).toBeLessThan(2 * upstream.responseMs);
  });

  it('requests no tokens for sessions whose deadline has passed', async () => {
    upstream.responseMs = 1_000;
    await untilSettled(Promise.all(Array.from({ length: 300 }, () => session(100))));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(upstream.authorizeCalls).toBeLessThanOrEqual(64);
    expect(upstream.started).toEqual([]);
  });

  it('serves all of many sessions when one authorize request fails', async () => {
    const { authorize } = upstream;
    const flaky = new SingleUseTokens(() =>
      upstream.authorizeCalls === 3 ? authorize().then(() => notExecuted('no-connection')) : authorize(),
    );
    tokens = flaky;
    expect(new Set(await manySessions(40))).toEqual(new Set([DONE]));
  });

  it('makes about one authorize request per session when all of a steady stream of sessions fail', async () => {
    upstream.responseMs = 200;
    upstream.failure = UNAUTHORIZED;
    const sessions: Promise<ProviderResult<string>>[] = [];
    for (let count = 0; count < 100; count++) {
      sessions.push(session());
      await jest.advanceTimersByTimeAsync(40);
    }
    const outcomes = await untilSettled(Promise.all(sessions));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['misconfigured']));
    expect(upstream.authorizeCalls).toBeLessThanOrEqual(110);
  });

  it('makes a bounded number of authorize requests when many sessions fail at once', async () => {
    upstream.failure = UNAUTHORIZED;
    const outcomes = await manySessions(500);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['misconfigured']));
    expect(upstream.authorizeCalls).toBeLessThanOrEqual(64);
  });

  it('uses a token that started a session for lookups', async () => {
    await untilSettled(session());
    const used: string[] = [];
    const lookup = (token: AccessToken) => {
      used.push(token.value.reveal());
      return Promise.resolve(DONE);
    };
    await untilSettled(tokens.withAnyToken(lookup, Deadline.after(1_000)));
    await untilSettled(tokens.withAnyToken(lookup, Deadline.after(1_000)));
    expect(used).toEqual(['token-1', 'token-1']);
  });

  it('never starts two sessions with the same token', async () => {
    const step = fc.record({ sessions: fc.nat(30), pauseMs: fc.nat(4_000), revoke: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        upstream = new Upstream();
        upstream.singleUse = true;
        upstream.lifetimeMs = 5_000;
        tokens = new SingleUseTokens(upstream.authorize);
        for (const { sessions, pauseMs, revoke } of steps) {
          if (revoke) upstream.revokeAll();
          expect((await manySessions(sessions)).every(({ kind }) => kind === 'succeeded')).toBe(true);
          await jest.advanceTimersByTimeAsync(pauseMs);
        }
        tokens.close();
        expect(new Set(upstream.started).size).toBe(upstream.started.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe('AutoTokens', () => {
  const reported: string[] = [];

  beforeEach(() => {
    reported.length = 0;
    tokens = new AutoTokens(new ReusableTokens(upstream.authorize), new SingleUseTokens(upstream.authorize), (policy) =>
      reported.push(policy),
    );
  });

  it('detects reusable tokens when one token starts a second session', async () => {
    await untilSettled(session());
    expect(tokens.state).toStrictEqual({ policy: 'auto', detected: undefined });
    await untilSettled(session());
    expect(tokens.state.detected).toBe('reusable');
    upstream.revoked.add('token-1');
    await manySessions(10);
    expect(reported).toEqual(['reusable']);
  });

  it('detects single-use tokens when one used token is rejected', async () => {
    upstream.singleUse = true;
    expect(new Set(await manySessions(200))).toEqual(new Set([DONE]));
    expect(upstream.rejections).toBe(1);
    expect(reported).toEqual(['single-use']);
  });

  it('detects nothing when an unused token is rejected', async () => {
    upstream.revoked.add('token-1');
    await untilSettled(session());
    expect(upstream.rejections).toBe(1);
    expect(reported).toEqual([]);
  });

  it('lets the next session detect the policy when the first one failed', async () => {
    const failure = tokens.startSession(() => Promise.resolve(notExecuted('no-connection')), Deadline.after(1_000));
    const next = session();
    expect((await untilSettled(failure)).kind).toBe('not-executed');
    expect(await untilSettled(next)).toEqual(DONE);
  });

  it('does not make other sessions wait for a first session that hangs', async () => {
    void tokens.startSession(() => new Promise<never>(() => undefined), Deadline.after(60_000));
    const startedMs = performance.now();
    expect(new Set(await manySessions(60))).toEqual(new Set([DONE]));
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(tokens.state.detected).toBeUndefined();
  });

  it('does not make a session wait beyond its own deadline', async () => {
    void tokens.startSession(() => new Promise<never>(() => undefined), Deadline.after(60_000));
    upstream.responseMs = 500;
    expect(await untilSettled(session(100))).toMatchObject({ kind: 'not-executed', reason: 'deadline' });
  });
});

describe.each(['reusable', 'single-use', 'auto'] as const)('CredentialGuard with %s tokens', (policy) => {
  const REJECTIONS: readonly ProviderResult<never>[] = [
    UNAUTHORIZED,
    { kind: 'rejected', status: 400, message: 'wrong grant' },
    { kind: 'rejected', status: 200, message: '' },
    { kind: 'misconfigured', reason: 'responded 403' },
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

  const kindsOf = (results: readonly ProviderResult<string>[]) => new Set(results.map(({ kind }) => kind));

  it.each([20, 200])('tries rejected credentials once for %i concurrent sessions, and then pauses', async (count) => {
    for (const rejection of REJECTIONS) {
      upstream.failure = rejection;
      const before = upstream.authorizeCalls;
      expect(kindsOf(await manySessions(count))).toEqual(new Set(['misconfigured']));
      expect(upstream.authorizeCalls).toBe(before + 1);
      const startedMs = performance.now();
      expect(kindsOf(await manySessions(count))).toEqual(new Set(['misconfigured']));
      expect(performance.now() - startedMs).toBeLessThan(20);
      expect(upstream.authorizeCalls).toBe(before + 1);
      await jest.advanceTimersByTimeAsync(61_000);
    }
    expect(upstream.started).toEqual([]);
  });

  it('tries rejected credentials at growing intervals of up to a minute while sessions keep arriving', async () => {
    upstream.failure = UNAUTHORIZED;
    const triedAtMs: number[] = [];
    for (let count = 0; count < 500; count++) {
      const [before, atMs, result] = [upstream.authorizeCalls, performance.now(), session()];
      await jest.advanceTimersByTimeAsync(500);
      expect((await result).kind).toBe('misconfigured');
      if (upstream.authorizeCalls > before) triedAtMs.push(atMs);
    }
    const pauses = triedAtMs.slice(1).map((atMs, index) => Math.floor((atMs - (triedAtMs[index] ?? 0)) / 1_000));
    expect(pauses.slice(0, 6)).toEqual([5, 10, 20, 40, 60, 60]);
  });

  it('recovers by itself when the credentials are accepted again, and starts the next pauses short', async () => {
    upstream.failure = UNAUTHORIZED;
    for (let round = 0; round < 6; round++) {
      await manySessions(20);
      await jest.advanceTimersByTimeAsync(60_000);
    }
    expect(upstream.started).toEqual([]);
    upstream.failure = undefined;
    expect(kindsOf(await manySessions(20))).toEqual(new Set(['succeeded']));
    upstream.revokeAll();
    await jest.advanceTimersByTimeAsync(2_000);
    upstream.failure = UNAUTHORIZED;
    expect(kindsOf(await manySessions(20))).toEqual(new Set(['misconfigured']));
    upstream.failure = undefined;
    await jest.advanceTimersByTimeAsync(5_100);
    expect(kindsOf(await manySessions(20))).toEqual(new Set(['succeeded']));
  });

  it('does not pause for a revoked token or an authorize request without a response', async () => {
    for (const failure of [
      { kind: 'unknown', reason: 'responded 500' },
      notExecuted('no-connection'),
      notExecuted('rate-limited', 5),
    ] as const) {
      upstream.failure = failure;
      expect(kindsOf(await manySessions(20))).toEqual(new Set(['not-executed']));
      upstream.failure = undefined;
      expect(await untilSettled(session())).toEqual(DONE);
      upstream.revokeAll();
      expect(await untilSettled(session())).toEqual(DONE);
      upstream.revokeAll();
      await jest.advanceTimersByTimeAsync(2_000);
    }
  });
});
