import { describe, expect, it } from '@jest/globals';
import { isFinalResponse } from './key-history.js';
import type { ReceivedPayment, ClientResponse, Call, Evidence, Fault, Intention, StoreRows } from './evidence.js';
import { findViolations } from './violations.js';
import { describeViolations, figures } from './report.js';

const LINK: Intention = { key: 'link', operation: 'createPaymentSession', referenceId: 'R-link', amountMinor: 1250 };
const EMAIL: Intention = { key: 'email', operation: 'sendPaymentRequest', referenceId: 'R-email', amountMinor: 990 };
const KILL_FAULT: Fault = { kind: 'kill', description: 'a random moment', replica: 0, fromMs: 5, toMs: 8 };

function paymentOf({ key, referenceId, amountMinor }: Intention, sessionId = `session-${key}`): ReceivedPayment {
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

function success(intention: Intention, replayed: boolean, payment = paymentOf(intention)): ClientResponse {
  const name = intention === LINK ? 'CreatePaymentSessionSuccess' : 'SendPaymentRequestSuccess';
  return { kind: 'result', name, retryAdvice: undefined, retryAfterMs: undefined, replayed, payment };
}

function failure(name: string, retryAdvice: string, payment?: ReceivedPayment): ClientResponse {
  return { kind: 'result', name, retryAdvice, retryAfterMs: undefined, replayed: undefined, payment };
}

const unknown = failure('PaymentOutcomeUnknownError', 'NEVER', { ...paymentOf(EMAIL), status: 'OUTCOME_UNKNOWN' });

function call(intention: Intention, response: ClientResponse, fromMs: number, phase: Call['phase'] = 'load'): Call {
  return { key: intention.key, replica: 0, phase, fromMs, toMs: fromMs + 9, response };
}

const STORED: StoreRows = {
  payments: [LINK, EMAIL].map((intention) => ({
    id: `ps_${intention.key}`,
    delivery: intention === LINK ? 'LINK' : 'EMAIL',
    status: 'INITIATED',
    referenceId: intention.referenceId,
    amountMinor: intention.amountMinor,
    hasSession: true,
  })),
  events: ['CREATING', 'INITIATED'].flatMap((status) => [
    { paymentId: 'ps_link', status },
    { paymentId: 'ps_email', status },
  ]),
  keys: [LINK, EMAIL].map(({ key }) => ({ key, paymentId: `ps_${key}`, state: 'DONE' })),
  orphans: [],
};

const session = {
  customerEmail: 'payer@example.com',
  requestId: 'request',
  status: 'Initiated',
  amount: '12.50',
};

/** A run of two payments without violations. */
const HEALTHY_RUN: Evidence = {
  intentions: [LINK, EMAIL],
  calls: [LINK, EMAIL].flatMap((intention) => [
    call(intention, { kind: 'lost', reason: 'ECONNRESET' }, 0),
    call(intention, success(intention, false), 10),
    call(intention, success(intention, true), 90, 'replay'),
  ]),
  mutationTimeoutMs: 5,
  keysWithoutResult: [],
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

/** The rules that a run breaks, each with the key. */
const brokenRules = (evidence: Partial<Evidence>): string[] => [
  ...new Set(findViolations({ ...HEALTHY_RUN, ...evidence }).map(({ rule, key }) => `${rule} ${key}`)),
];

const withCalls = (...calls: Call[]): Partial<Evidence> => ({ calls: [...HEALTHY_RUN.calls, ...calls] });
const rows = (change: Partial<StoreRows>): StoreRows => ({ ...STORED, ...change });

/** A run in which the outcome of the e-mail stays unknown. */
const UNKNOWN_SEND: Partial<Evidence> = {
  calls: [
    ...HEALTHY_RUN.calls.filter(({ key }) => key === 'link'),
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

describe('the check of the evidence', () => {
  it('finds nothing in a healthy run', () => {
    expect(brokenRules({})).toEqual([]);
  });

  it('finds a second session in a late response', () => {
    const second = success(LINK, true, paymentOf(LINK, 'session-2'));
    const sessions = [
      ...HEALTHY_RUN.sessions,
      { ...HEALTHY_RUN.sessions[0], sessionId: 'session-2' } as (typeof HEALTHY_RUN.sessions)[0],
    ];
    expect(brokenRules({ ...withCalls({ ...call(LINK, second, 0), toMs: 500 }), sessions })).toEqual([
      'duplicate link',
    ]);
  });

  it('finds a second e-mail', () => {
    expect(brokenRules({ outbox: [...HEALTHY_RUN.outbox, ...HEALTHY_RUN.outbox] })).toEqual(['duplicate email']);
  });

  it('finds a second success that is not marked as a replay', () => {
    expect(brokenRules(withCalls(call(LINK, success(LINK, false), 2)))).toEqual(['duplicate link']);
  });

  it('finds a link that cannot be paid and an e-mail that was not sent', () => {
    const sessions = HEALTHY_RUN.sessions.map((each) => ({ ...each, requestId: null }));
    expect(brokenRules({ sessions, outbox: [] })).toEqual(['unpayable link', 'unpayable email']);
  });

  it('finds a payable session that no client received and that is not recorded as orphaned', () => {
    const left = { ...session, sessionId: 'left', startedBy: 'initiate', referenceId: 'R-link' } as const;
    const sessions = [...HEALTHY_RUN.sessions, left];
    expect(brokenRules({ sessions })).toEqual(['unrecorded link']);
    expect(brokenRules({ sessions, atEnd: rows({ orphans: [{ paymentId: 'ps_link', attempt: 1 }] }) })).toEqual([]);
    expect(brokenRules({ sessions: [...HEALTHY_RUN.sessions, { ...left, requestId: null }] })).toEqual([]);
  });

  it('finds payments that clients received and that the store lacks or has changed', () => {
    expect(brokenRules({ atEnd: rows({ keys: [], events: [] }) })).toEqual(['lost link', 'lost email']);
    const cheaper = STORED.payments.map((row) => ({ ...row, amountMinor: 1 }));
    expect(brokenRules({ atEnd: rows({ payments: cheaper }) })).toEqual(['lost link', 'lost email']);
    const bare = STORED.payments.map((row) => ({ ...row, hasSession: row.id !== 'ps_link' }));
    expect(brokenRules({ atEnd: rows({ payments: bare }) })).toEqual(['lost link']);
  });

  it('finds a status that moved to a lower rank', () => {
    const events = [...STORED.events, { paymentId: 'ps_link', status: 'OUTCOME_UNKNOWN' }];
    expect(brokenRules({ atEnd: rows({ events }) })).toEqual(['backwards link']);
  });

  it('finds a key that is stuck', () => {
    const keys = STORED.keys.map((row) => (row.key === 'email' ? { ...row, state: 'MARKED' } : row));
    expect(brokenRules({ atRest: rows({ keys }) })).toEqual(['stuck email']);
    expect(brokenRules({ keysWithoutResult: ['link'] })).toEqual(['stuck link']);
    expect(brokenRules({ calls: HEALTHY_RUN.calls.filter(({ phase }) => phase === 'load') })).toEqual([
      'stuck link',
      'stuck email',
    ]);
  });

  it('finds an unknown outcome without a fault', () => {
    expect(brokenRules(UNKNOWN_SEND)).toEqual(['unexplained email']);
    expect(brokenRules({ ...UNKNOWN_SEND, faults: [KILL_FAULT] })).toEqual([]);
    expect(brokenRules({ ...UNKNOWN_SEND, faults: [{ ...KILL_FAULT, replica: 1 }] })).toEqual(['unexplained email']);
    expect(brokenRules({ ...UNKNOWN_SEND, faults: [{ ...KILL_FAULT, fromMs: 50, toMs: 60 }] })).toEqual([
      'unexplained email',
    ]);
  });

  it('finds responses that contradict an earlier one', () => {
    const rejected = failure('PaymentRejectedError', 'REVIEW_THEN_NEW_KEY');
    expect(brokenRules(withCalls(call(LINK, rejected, 30)))).toEqual(['wrong link']);
    expect(brokenRules({ ...withCalls(call(EMAIL, unknown, 30)), faults: [{ ...KILL_FAULT, toMs: 40 }] })).toEqual([
      'wrong email',
    ]);
    expect(brokenRules({ ...withCalls(call(EMAIL, unknown, 2)), faults: [KILL_FAULT] })).toEqual([]);
  });

  it('finds a gateway that crashed', () => {
    expect(brokenRules({ crashes: ['TypeError'] })).toEqual(['crashed a gateway']);
  });

  it('finds responses that no client may receive', () => {
    expect(
      brokenRules(withCalls(call(LINK, failure('IdempotencyKeyReusedError', 'REVIEW_THEN_NEW_KEY'), 1))),
    ).toContain('wrong link');
    expect(brokenRules(withCalls(call(LINK, { kind: 'error', status: 400, code: 'BAD_USER_INPUT' }, 1)))).toEqual([
      'wrong link',
    ]);
    expect(brokenRules(withCalls(call(LINK, { kind: 'error', status: 503, code: 'SHUTTING_DOWN' }, 1)))).toEqual([]);
  });
});

describe('a final response', () => {
  it('is a result that does not advise a repeat with the same key', () => {
    expect(isFinalResponse(success(LINK, false))).toBe(true);
    expect(isFinalResponse(unknown)).toBe(true);
    expect(isFinalResponse(failure('PaymentProviderUnavailableError', 'SAME_KEY'))).toBe(false);
    expect(isFinalResponse({ kind: 'lost', reason: 'ECONNRESET' })).toBe(false);
  });
});

describe('the report', () => {
  const settings = { store: 'sqlite', replicas: 1, payments: 2, kills: 1, seed: 7 } as const;

  it('counts calls, kills and violations, also in very long runs', () => {
    const calls = Array.from({ length: 200_000 }, () => call(LINK, success(LINK, true), 90, 'replay'));
    const text = figures(settings, { ...HEALTHY_RUN, calls, faults: [KILL_FAULT] }, []);
    expect(text).toMatch(
      /seed 7.*[^]*200000 CreatePaymentSessionSuccess[^]*killed 1 time: 1 at a random moment[^]*0 duplicate/,
    );
  });

  it('contains the whole history of a key with a violation', () => {
    const evidence = { ...HEALTHY_RUN, faults: [KILL_FAULT], outbox: [...HEALTHY_RUN.outbox, ...HEALTHY_RUN.outbox] };
    const text = describeViolations(evidence, findViolations(evidence));
    expect(text).toMatch(
      /^duplicate email: Flinks sent 2 e-mails\.\n\nHistory of email \(sendPaymentRequest\):\n[^]*call to replica 0[^]*kill at a random moment/,
    );
    expect(text).not.toContain('History of link');
  });
});
