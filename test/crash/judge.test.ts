import { describe, expect, it } from '@jest/globals';
import { isFinalAnswer } from './case.js';
import type { AnsweredPayment, Answer, Call, Evidence, Fault, Intent, StoreRows } from './evidence.js';
import { judge } from './judge.js';
import { complaint, figures } from './report.js';

const LINK: Intent = { key: 'link', operation: 'createPaymentSession', referenceId: 'R-link', amountMinor: 1250 };
const EMAIL: Intent = { key: 'email', operation: 'sendPaymentRequest', referenceId: 'R-email', amountMinor: 990 };
const KILL: Fault = { kind: 'kill', what: 'at random', replica: 0, fromMs: 5, toMs: 8 };

function paymentOf({ key, referenceId, amountMinor }: Intent, sessionId = `session-${key}`): AnsweredPayment {
  const paymentUrl = `http://flinks.example/app/?sessionId=${sessionId}`;
  return {
    id: `ps_${key}`,
    referenceId,
    status: 'INITIATED',
    amount: { value: (amountMinor / 100).toFixed(2) },
    flinksSessionId: sessionId,
    paymentUrl,
  };
}

function success(intent: Intent, replayed: boolean, payment = paymentOf(intent)): Answer {
  const name = intent === LINK ? 'CreatePaymentSessionSuccess' : 'SendPaymentRequestSuccess';
  return { kind: 'member', name, retryAdvice: undefined, retryAfterMs: undefined, replayed, payment };
}

function failure(name: string, retryAdvice: string, payment?: AnsweredPayment): Answer {
  return { kind: 'member', name, retryAdvice, retryAfterMs: undefined, replayed: undefined, payment };
}

const unknown = failure('PaymentOutcomeUnknownError', 'NEVER', { ...paymentOf(EMAIL), status: 'OUTCOME_UNKNOWN' });

function call(intent: Intent, answer: Answer, fromMs: number, phase: Call['phase'] = 'load'): Call {
  return { key: intent.key, replica: 0, phase, fromMs, toMs: fromMs + 9, answer };
}

const STORED: StoreRows = {
  payments: [LINK, EMAIL].map((intent) => ({
    id: `ps_${intent.key}`,
    delivery: intent === LINK ? 'LINK' : 'EMAIL',
    status: 'INITIATED',
    referenceId: intent.referenceId,
    amountMinor: intent.amountMinor,
    hasSession: true,
  })),
  events: ['CREATING', 'INITIATED'].flatMap((status) => [
    { paymentId: 'ps_link', status },
    { paymentId: 'ps_email', status },
  ]),
  keys: [LINK, EMAIL].map(({ key }) => ({ key, paymentId: `ps_${key}`, state: 'DONE' })),
  abandoned: [],
};

const session = {
  customerEmail: 'payer@example.com',
  requestId: 'request',
  status: 'Initiated',
  amount: '12.50',
};

/** A run of two payments in which all went well. */
const WELL: Evidence = {
  intents: [LINK, EMAIL],
  calls: [LINK, EMAIL].flatMap((intent) => [
    call(intent, { kind: 'lost', reason: 'ECONNRESET' }, 0),
    call(intent, success(intent, false), 10),
    call(intent, success(intent, true), 90, 'replay'),
  ]),
  mutationMs: 5,
  unanswered: [],
  faults: [],
  crashes: [],
  sessions: [
    { ...session, sessionId: 'session-link', startedBy: 'initiate', referenceId: 'R-link' },
    { ...session, sessionId: 'session-email', startedBy: 'sendrequest', referenceId: 'R-email' },
  ],
  outbox: [{ referenceId: 'R-email', sessionId: 'session-email' }],
  atRest: STORED,
  atEnd: STORED,
};

/** The rules that a run breaks, with the key. */
const broken = (evidence: Partial<Evidence>): string[] => [
  ...new Set(judge({ ...WELL, ...evidence }).map(({ rule, key }) => `${rule} ${key}`)),
];

const withCalls = (...calls: Call[]): Partial<Evidence> => ({ calls: [...WELL.calls, ...calls] });
const rows = (change: Partial<StoreRows>): StoreRows => ({ ...STORED, ...change });

/** The calls of a send that stays unknown. */
const UNKNOWN_SEND: Partial<Evidence> = {
  calls: [
    ...WELL.calls.filter(({ key }) => key === 'link'),
    call(EMAIL, unknown, 0),
    call(EMAIL, unknown, 90, 'replay'),
  ],
  atEnd: rows({
    payments: STORED.payments.map((row) => (row.id === 'ps_email' ? { ...row, status: 'OUTCOME_UNKNOWN' } : row)),
    events: STORED.events.map((event) =>
      event.paymentId === 'ps_email' && event.status === 'INITIATED' ? { ...event, status: 'OUTCOME_UNKNOWN' } : event,
    ),
  }),
};

describe('the judge', () => {
  it('finds nothing in a run in which all went well', () => {
    expect(broken({})).toEqual([]);
  });

  it('finds a second session, though its answer came late', () => {
    const second = success(LINK, true, paymentOf(LINK, 'session-2'));
    const sessions = [...WELL.sessions, { ...WELL.sessions[0], sessionId: 'session-2' } as (typeof WELL.sessions)[0]];
    expect(broken({ ...withCalls({ ...call(LINK, second, 0), toMs: 500 }), sessions })).toEqual(['duplicate link']);
  });

  it('finds a second e-mail', () => {
    expect(broken({ outbox: [...WELL.outbox, ...WELL.outbox] })).toEqual(['duplicate email']);
  });

  it('finds a second answer that claims to be the first', () => {
    expect(broken(withCalls(call(LINK, success(LINK, false), 2)))).toEqual(['duplicate link']);
  });

  it('finds a link that cannot be paid, and an e-mail that was not sent', () => {
    const sessions = WELL.sessions.map((each) => ({ ...each, requestId: null }));
    expect(broken({ sessions, outbox: [] })).toEqual(['unpayable link', 'unpayable email']);
  });

  it('finds an active session that is accounted for nowhere', () => {
    const left = { ...session, sessionId: 'left', startedBy: 'initiate', referenceId: 'R-link' } as const;
    const sessions = [...WELL.sessions, left];
    expect(broken({ sessions })).toEqual(['unaccounted link']);
    expect(broken({ sessions, atEnd: rows({ abandoned: [{ paymentId: 'ps_link', attempt: 1 }] }) })).toEqual([]);
    expect(broken({ sessions: [...WELL.sessions, { ...left, requestId: null }] })).toEqual([]);
  });

  it('finds what was acknowledged and is not stored, or otherwise', () => {
    expect(broken({ atEnd: rows({ keys: [], events: [] }) })).toEqual(['lost link', 'lost email']);
    const cheaper = STORED.payments.map((row) => ({ ...row, amountMinor: 1 }));
    expect(broken({ atEnd: rows({ payments: cheaper }) })).toEqual(['lost link', 'lost email']);
    const bare = STORED.payments.map((row) => ({ ...row, hasSession: row.id !== 'ps_link' }));
    expect(broken({ atEnd: rows({ payments: bare }) })).toEqual(['lost link']);
  });

  it('finds a status that fell back', () => {
    const events = [...STORED.events, { paymentId: 'ps_link', status: 'OUTCOME_UNKNOWN' }];
    expect(broken({ atEnd: rows({ events }) })).toEqual(['backwards link']);
  });

  it('finds a key that is stuck', () => {
    const keys = STORED.keys.map((row) => (row.key === 'email' ? { ...row, state: 'MARKED' } : row));
    expect(broken({ atRest: rows({ keys }) })).toEqual(['stuck email']);
    expect(broken({ unanswered: ['link'] })).toEqual(['stuck link']);
    expect(broken({ calls: WELL.calls.filter(({ phase }) => phase === 'load') })).toEqual([
      'stuck link',
      'stuck email',
    ]);
  });

  it('finds an unknown without a cause', () => {
    expect(broken(UNKNOWN_SEND)).toEqual(['unexplained email']);
    expect(broken({ ...UNKNOWN_SEND, faults: [KILL] })).toEqual([]);
    expect(broken({ ...UNKNOWN_SEND, faults: [{ ...KILL, replica: 1 }] })).toEqual(['unexplained email']);
    expect(broken({ ...UNKNOWN_SEND, faults: [{ ...KILL, fromMs: 50, toMs: 60 }] })).toEqual(['unexplained email']);
  });

  it('finds answers that take back an earlier one', () => {
    const rejected = failure('PaymentRejectedError', 'REVIEW_THEN_NEW_KEY');
    expect(broken(withCalls(call(LINK, rejected, 30)))).toEqual(['wrong link']);
    expect(broken({ ...withCalls(call(EMAIL, unknown, 30)), faults: [{ ...KILL, toMs: 40 }] })).toEqual([
      'wrong email',
    ]);
    expect(broken({ ...withCalls(call(EMAIL, unknown, 2)), faults: [KILL] })).toEqual([]);
  });

  it('finds a gateway that ended by itself', () => {
    expect(broken({ crashes: ['TypeError'] })).toEqual(['crashed a gateway']);
  });

  it('finds answers that nobody may get', () => {
    expect(broken(withCalls(call(LINK, failure('IdempotencyKeyReusedError', 'REVIEW_THEN_NEW_KEY'), 1)))).toContain(
      'wrong link',
    );
    expect(broken(withCalls(call(LINK, { kind: 'fault', status: 400, code: 'BAD_USER_INPUT' }, 1)))).toEqual([
      'wrong link',
    ]);
    expect(broken(withCalls(call(LINK, { kind: 'fault', status: 503, code: 'SHUTTING_DOWN' }, 1)))).toEqual([]);
  });
});

describe('a final answer', () => {
  it('is one after which software does not repeat', () => {
    expect(isFinalAnswer(success(LINK, false))).toBe(true);
    expect(isFinalAnswer(unknown)).toBe(true);
    expect(isFinalAnswer(failure('PaymentProviderUnavailableError', 'SAME_KEY'))).toBe(false);
    expect(isFinalAnswer({ kind: 'lost', reason: 'ECONNRESET' })).toBe(false);
  });
});

describe('the report', () => {
  const settings = { store: 'sqlite', replicas: 1, payments: 2, kills: 1, seed: 7 } as const;

  it('counts what happened, in runs of any length', () => {
    const calls = Array.from({ length: 200_000 }, () => call(LINK, success(LINK, true), 90, 'replay'));
    const text = figures(settings, { ...WELL, calls, faults: [KILL] }, []);
    expect(text).toMatch(/seed 7.*[^]*200000 CreatePaymentSessionSuccess[^]*kills +1: 1 at random[^]*duplicate +0/);
  });

  it('tells the whole story of a key', () => {
    const evidence = { ...WELL, faults: [KILL], outbox: [...WELL.outbox, ...WELL.outbox] };
    const text = complaint(evidence, judge(evidence));
    expect(text).toMatch(
      /^duplicate email: 2 e-mails\n\nsendPaymentRequest email\n[^]*asks replica 0[^]*kill: at random/,
    );
    expect(text).not.toContain('createPaymentSession link');
  });
});
