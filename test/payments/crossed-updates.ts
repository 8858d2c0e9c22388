import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { PaymentSession } from '../../src/domain/payment.js';
import type { PaymentSessionStatus } from '../../src/domain/payment-status.js';
import { Sensitive } from '../../src/domain/sensitive.js';
import { activateResponse, lookupResponse } from '../../src/flinks/wire/payment-requests.js';
import { toPaymentStatus } from '../../src/flinks/wire/reported-status.js';
import type { Lookups } from '../../src/flinks/lookups.js';
import { ApplyStatusUpdate } from '../../src/payments/status/apply-status-update.js';
import { ApplyWebhook } from '../../src/payments/webhooks/apply-webhook.js';
import { StatusRefresh } from '../../src/payments/status/status-refresh.js';
import { fileOf, importFile } from '../reconciliation/daily-files.js';
import { TestStore, newOrder } from '../store/test-store.js';
import { silentLog } from '../support/silent-log.js';

const NIL = '00000000-0000-0000-0000-000000000000';
const HOUR_MS = 3_600_000;
const WORDS = ['Initiated', 'Processing', 'Accepted', 'Settled', 'Failed'] as const;
/** Payments of two clients, which use the same references, and of a system that shares the account at Flinks. */
const OWNERS = ['shop', 'copier', 'shop', 'copier', 'elsewhere'] as const;
const REFERENCES = ['3f2504e0-4f89-41d3-9a0c-0305e82c3301', '7c9e6679-7425-40de-944b-e07fc1f90ae7'];

/** A payment as Flinks has it. */
interface Upstream {
  readonly owner: (typeof OWNERS)[number];
  readonly requestId: string;
  readonly sessionId: string;
  readonly amount: string;
  readonly email: string;
  /** By which Flinks knows it. */
  referenceId: string;
  /** Every word that Flinks had for it, the last one now. */
  readonly words: string[];
  /** Ours; undefined for one of elsewhere. */
  paymentId?: string;
}

const tells = fc.record({
  requestId: fc.constantFrom('right', 'none', 'nil', 'word', 'rounded', 'bare', 'event', 'foreign', 'capitals'),
  sessionId: fc.constantFrom('right', 'none', 'none', 'capitals', 'foreign'),
  referenceId: fc.constantFrom('right', 'right', 'none', 'foreign', 'capitals'),
  amount: fc.constantFrom('right', 'right', 'none'),
  email: fc.constantFrom('right', 'none', 'none', 'masked'),
  /** What is certainly told and true where an id or a reference is another payment's. */
  beside: fc.constantFrom('referenceId', 'amount', 'email'),
});
/** Events may name nothing but a request, which may be none. */
const tellsRequest = fc.record({
  requestId: fc.constantFrom('right', 'nil', 'word'),
  sessionId: fc.constant('none'),
  referenceId: fc.constant('none'),
  amount: fc.constant('none'),
  email: fc.constant('none'),
  beside: fc.constant('amount'),
});

/** Events may name another payment, and in one word alone the one that they are about. */
const tellsForeign = fc.record({
  requestId: fc.constantFrom('none', 'foreign'),
  sessionId: fc.constant('foreign'),
  referenceId: fc.constant('none'),
  amount: fc.constant('none'),
  email: fc.constant('none'),
  beside: fc.constantFrom('referenceId', 'amount', 'email'),
});

/** What is told beside the status, and what is wrong with it. */
const told = fc.oneof(
  { weight: 3, arbitrary: tells },
  { weight: 1, arbitrary: tellsRequest },
  { weight: 2, arbitrary: tellsForeign },
);
/** What an event or a row says of the payment that it is about. */
interface Told {
  readonly requestId?: string | number;
  readonly id?: string;
  readonly sessionId: string | undefined;
  readonly referenceId: string | undefined;
  readonly amount: string | undefined;
  readonly customerEmail: string | undefined;
}
type ToldAs = typeof tells extends fc.Arbitrary<infer T> ? T : never;

const step = fc.record({
  of: fc.nat(OWNERS.length - 1),
  /** Whose id or reference is told instead. */
  other: fc.nat(OWNERS.length - 1),
  moves: fc.boolean(),
  word: fc.nat(4),
  /** Which of its words is told; the others are late. */
  age: fc.nat(2),
  told,
  by: fc.constantFrom('webhook', 'webhook', 'webhook', 'file'),
  ageMs: fc.constantFrom(0, 0, 25 * HOUR_MS),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const run = fc.record({
  steps: fc.array(step, { minLength: 6, maxLength: 14 }),
  believed: fc.boolean(),
  /** Whether look-ups say whose status they tell. */
  answersName: fc.boolean(),
  /** Whether they tell the status of a payment of elsewhere, and say so. */
  answersStray: fc.constantFrom(false, false, false, true),
  nilRequests: fc.boolean(),
});
type Run = typeof run extends fc.Arbitrary<infer T> ? T : never;

/** A gateway over what Flinks has; whatever is told, no payment may take a status that its own has not had. */
class Gateway {
  readonly upstream: Upstream[] = OWNERS.map((owner, index) => ({
    owner,
    requestId: randomUUID(),
    sessionId: randomUUID(),
    amount: `${100 + index}.00`,
    email: `payer-${index}@example.com`,
    // Both clients use the same two.
    referenceId: owner === 'elsewhere' ? randomUUID() : (REFERENCES[index >> 1] ?? ''),
    words: ['Initiated'],
  }));

  constructor(
    private readonly store: TestStore,
    private readonly how: Run,
  ) {}

  async start(): Promise<void> {
    for (const [index, each] of this.upstream.entries()) if (each.owner !== 'elsewhere') await this.#pay(each, index);
  }

  async tell(step: Step): Promise<void> {
    const about = this.#at(step.of);
    if (step.moves) about.words.push(WORDS[step.word] ?? 'Initiated');
    const word = about.words.at(-1 - step.age) ?? about.words[0] ?? '';
    const event = this.#event(about, this.#at(step.other), step.told);
    if (step.by === 'file') return this.#import(about, event, word);
    await this.#deliver(
      { ...event, amount: event.amount && Number(event.amount), status: word, when: new Date().toISOString() },
      step.ageMs,
    );
  }

  /** What no payment may have: a status that Flinks never had for it, or an id of another one. */
  async wrongs(): Promise<string[]> {
    const found = await this.store.statuses.find(this.upstream.flatMap(({ paymentId }) => paymentId ?? []));
    return this.upstream.flatMap((each) => {
      const payment = found.find(({ id }) => id === each.paymentId);
      if (payment === undefined) return [];
      const had = each.words.map(toPaymentStatus);
      const ids = [payment.paymentRequestId, payment.sessionId?.reveal()].filter((id) => id !== undefined);
      const foreign = ids.filter((id) => ![each.requestId, each.sessionId, NIL].includes(id.toLowerCase()));
      return [
        ...(had.includes(payment.status) ? [] : [`${payment.status} of ${each.words.join()}`]),
        ...foreign.map(() => 'an id of another payment'),
      ];
    });
  }

  /** By link the answer has the request's id, by e-mail it has not. */
  async #pay(each: Upstream, index: number): Promise<void> {
    const [minor, isLink] = [Number(each.amount) * 100, index === 0];
    const order = newOrder();
    const customer = { ...order.customer, email: new Sensitive(each.email) };
    const claimed = {
      ...order,
      customer,
      referenceId: each.referenceId,
      amount: { amountMinor: minor, currency: 'CAD' as const },
    };
    const attempt = await this.store.beginAs({
      clientId: each.owner,
      order: claimed,
      deliveryMethod: isLink ? 'LINK' : 'EMAIL',
    });
    each.referenceId = attempt.payment.upstreamReferenceId;
    each.paymentId = attempt.payment.id;
    const answer = { requestId: this.how.nilRequests ? NIL : each.requestId };
    const paymentRequestId = isLink ? activateResponse.parse(answer).requestId : undefined;
    const result = { kind: 'started', sessionId: new Sensitive(each.sessionId), paymentRequestId } as const;
    await this.store.attempts.finish(attempt, result, []);
  }

  /**
   * What Flinks tells is true of a payment but for what is garbled. Something true is always told beside a foreign id or
   * reference: else nobody could tell it from an event of the other payment.
   */
  #event(about: Upstream, other: Upstream, told: ToldAs): Told {
    const beside = [told.requestId, told.sessionId, told.referenceId].includes('foreign') ? told.beside : undefined;
    const ids = {
      right: { requestId: about.requestId },
      capitals: { requestId: about.requestId.toUpperCase() },
      none: {},
      nil: { requestId: NIL },
      word: { requestId: 'N/A' },
      rounded: { requestId: Number('1234567890123456789') },
      bare: { id: about.requestId },
      event: { id: `evt_${randomUUID()}` },
      foreign: { requestId: other.requestId },
    }[told.requestId];
    const { sessionId, referenceId } = other;
    const email = { right: about.email, masked: 'p***@example.com', none: undefined }[told.email];
    return {
      ...ids,
      sessionId: spelt(about.sessionId, sessionId)[told.sessionId],
      referenceId:
        beside === 'referenceId' ? about.referenceId : spelt(about.referenceId, referenceId)[told.referenceId],
      amount: beside === 'amount' || told.amount === 'right' ? about.amount : undefined,
      customerEmail: beside === 'email' ? about.email : email,
    };
  }

  async #deliver(event: object, ageMs: number): Promise<void> {
    const body = new Sensitive(Buffer.from(JSON.stringify({ ...event, nonce: randomUUID() })));
    await this.store.inbox.add(body, 'WAITING');
    const news = new ApplyStatusUpdate(this.store.statuses, () => undefined, silentLog);
    const refresh = new StatusRefresh(this.#lookups(), news, this.store.due, HOUR_MS, silentLog);
    const webhook = new ApplyWebhook(
      this.store.inbox,
      this.store.statuses,
      refresh,
      news,
      this.how.believed,
      silentLog,
    );
    for (const stored of await this.store.inbox.leaseDue(10, HOUR_MS)) await webhook.apply({ ...stored, ageMs });
  }

  /** A row without an amount could not be read. */
  async #import({ amount }: Upstream, { requestId, referenceId, customerEmail: email }: Told, status: string) {
    const id = requestId === undefined ? undefined : String(requestId);
    await importFile(this.store, fileOf([{ requestId: id, referenceId, amount, email, status }]));
  }

  #lookups(): Pick<Lookups, 'canLookup' | 'lookup'> {
    return {
      canLookup: ({ paymentRequestId }) => paymentRequestId !== undefined,
      lookup: ({ paymentRequestId: asked }: Pick<PaymentSession, 'paymentRequestId' | 'sessionId'>) => {
        if (asked === undefined) return undefined;
        const found = this.upstream.find(({ requestId }) => requestId === asked.toLowerCase());
        if (found === undefined) return Promise.resolve({ kind: 'rejected', status: 404, message: '' });
        const isStray = this.how.answersStray && this.how.answersName;
        const answered = isStray ? this.#at(OWNERS.indexOf('elsewhere')) : found;
        const { referenceId, amount } = answered;
        const named = this.how.answersName ? { referenceId, amount: Number(amount) } : {};
        const word = answered.words.at(-1) ?? '';
        const { identity } = lookupResponse.parse({ requestId: found.requestId, status: word, ...named });
        const status: PaymentSessionStatus | undefined = toPaymentStatus(word);
        return Promise.resolve({
          kind: 'succeeded',
          value: { status, providerStatus: word, details: undefined, identity },
        });
      },
    };
  }

  #at(index: number): Upstream {
    const found = this.upstream[index];
    if (found === undefined) throw new Error('there is no such payment');
    return found;
  }
}

/** An id or a reference, by how it is told. */
const spelt = (right: string, foreign: string) => ({ right, foreign, capitals: right.toUpperCase(), none: undefined });

/** A payment has a status or an id that its own payment at Flinks does not have. */
class NewsCrossed extends Error {
  override readonly name = 'NewsCrossed';
}

/**
 * Runs the property over random events, ids, contradictions and orders of arrival; rejects with the smallest run that fails, or,
 * if that is enough, with the first.
 */
export async function newsNeverCross({ endOnFailure = false } = {}): Promise<void> {
  const store = await TestStore.open('sqlite::memory:');
  try {
    await fc.assert(
      fc.asyncProperty(run, async (how) => {
        await store.empty();
        const gateway = new Gateway(store, how);
        await gateway.start();
        for (const each of how.steps) {
          await gateway.tell(each);
          const [wrong] = await gateway.wrongs();
          if (wrong !== undefined) throw new NewsCrossed(wrong);
        }
      }),
      { numRuns: 300, endOnFailure },
    );
  } finally {
    await store.close();
  }
}
