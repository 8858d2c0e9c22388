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
const PROVIDER_STATUSES = ['Initiated', 'Processing', 'Accepted', 'Settled', 'Failed'] as const;
/** The payments belong to two clients that use the same references, and to another system with the same account at Flinks. */
const OWNERS = ['shop', 'copier', 'shop', 'copier', 'elsewhere'] as const;
const REFERENCES = ['3f2504e0-4f89-41d3-9a0c-0305e82c3301', '7c9e6679-7425-40de-944b-e07fc1f90ae7'];

/** A payment as recorded by Flinks. */
interface Upstream {
  readonly owner: (typeof OWNERS)[number];
  readonly requestId: string;
  readonly sessionId: string;
  readonly amount: string;
  readonly email: string;
  /** The reference at Flinks. */
  referenceId: string;
  /** Every provider status it has had, the current one last. */
  readonly statuses: string[];
  /** The id in the gateway. Undefined for a payment of the other system. */
  paymentId?: string;
}

const reportedFields = fc.record({
  requestId: fc.constantFrom('right', 'none', 'nil', 'placeholder', 'rounded', 'bare', 'event', 'foreign', 'capitals'),
  sessionId: fc.constantFrom('right', 'none', 'none', 'capitals', 'foreign'),
  referenceId: fc.constantFrom('right', 'right', 'none', 'foreign', 'capitals'),
  amount: fc.constantFrom('right', 'right', 'none'),
  email: fc.constantFrom('right', 'none', 'none', 'masked'),
  /** The true field that is always reported beside another payment's id or reference. */
  beside: fc.constantFrom('referenceId', 'amount', 'email'),
});
/** Events may name nothing but a payment request, possibly without a valid id. */
const reportsRequestOnly = fc.record({
  requestId: fc.constantFrom('right', 'nil', 'placeholder'),
  sessionId: fc.constant('none'),
  referenceId: fc.constant('none'),
  amount: fc.constant('none'),
  email: fc.constant('none'),
  beside: fc.constant('amount'),
});

/** Events may name another payment, with one field only of the payment that they are about. */
const reportsForeignIds = fc.record({
  requestId: fc.constantFrom('none', 'foreign'),
  sessionId: fc.constant('foreign'),
  referenceId: fc.constant('none'),
  amount: fc.constant('none'),
  email: fc.constant('none'),
  beside: fc.constantFrom('referenceId', 'amount', 'email'),
});

/** How the fields beside the status are reported, correctly or not. */
const reports = fc.oneof(
  { weight: 3, arbitrary: reportedFields },
  { weight: 1, arbitrary: reportsRequestOnly },
  { weight: 2, arbitrary: reportsForeignIds },
);
/** The fields of an event or a row about a payment. */
interface ReportedFields {
  readonly requestId?: string | number;
  readonly id?: string;
  readonly sessionId: string | undefined;
  readonly referenceId: string | undefined;
  readonly amount: string | undefined;
  readonly customerEmail: string | undefined;
}
type ReportKinds = typeof reportedFields extends fc.Arbitrary<infer T> ? T : never;

const step = fc.record({
  of: fc.nat(OWNERS.length - 1),
  /** The payment whose id or reference is reported instead. */
  other: fc.nat(OWNERS.length - 1),
  moves: fc.boolean(),
  status: fc.nat(4),
  /** How many statuses old the reported one is. */
  age: fc.nat(2),
  report: reports,
  source: fc.constantFrom('webhook', 'webhook', 'webhook', 'file'),
  ageMs: fc.constantFrom(0, 0, 25 * HOUR_MS),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const run = fc.record({
  steps: fc.array(step, { minLength: 6, maxLength: 14 }),
  trustsEvents: fc.boolean(),
  /** Whether lookups report the identity of the payment. */
  lookupsHaveIdentity: fc.boolean(),
  /** Whether they return the status of a payment of the other system, with its identity. */
  lookupsAreStray: fc.constantFrom(false, false, false, true),
  nilRequests: fc.boolean(),
});
type Run = typeof run extends fc.Arbitrary<infer T> ? T : never;

/** A gateway over the payments at Flinks. No payment may get a status that Flinks never had for it. */
class Gateway {
  readonly upstream: Upstream[] = OWNERS.map((owner, index) => ({
    owner,
    requestId: randomUUID(),
    sessionId: randomUUID(),
    amount: `${100 + index}.00`,
    email: `payer-${index}@example.com`,
    // Both clients use the same two references.
    referenceId: owner === 'elsewhere' ? randomUUID() : (REFERENCES[index >> 1] ?? ''),
    statuses: ['Initiated'],
  }));

  constructor(
    private readonly store: TestStore,
    private readonly settings: Run,
  ) {}

  async start(): Promise<void> {
    for (const [index, each] of this.upstream.entries()) if (each.owner !== 'elsewhere') await this.#pay(each, index);
  }

  async report(step: Step): Promise<void> {
    const about = this.#at(step.of);
    if (step.moves) about.statuses.push(PROVIDER_STATUSES[step.status] ?? 'Initiated');
    const status = about.statuses.at(-1 - step.age) ?? about.statuses[0] ?? '';
    const event = this.#event(about, this.#at(step.other), step.report);
    if (step.source === 'file') return this.#import(about, event, status);
    await this.#deliver(
      { ...event, amount: event.amount && Number(event.amount), status, when: new Date().toISOString() },
      step.ageMs,
    );
  }

  /** The violations: a status that Flinks never had for a payment, or an id of another one. */
  async violations(): Promise<string[]> {
    const found = await this.store.statuses.find(this.upstream.flatMap(({ paymentId }) => paymentId ?? []));
    return this.upstream.flatMap((each) => {
      const payment = found.find(({ id }) => id === each.paymentId);
      if (payment === undefined) return [];
      const previous = each.statuses.map(toPaymentStatus);
      const ids = [payment.paymentRequestId, payment.sessionId?.reveal()].filter((id) => id !== undefined);
      const foreign = ids.filter((id) => ![each.requestId, each.sessionId, NIL].includes(id.toLowerCase()));
      return [
        ...(previous.includes(payment.status) ? [] : [`${payment.status} of ${each.statuses.join()}`]),
        ...foreign.map(() => 'an id of another payment'),
      ];
    });
  }

  /** The response for a link contains the payment request's id, that for an e-mail does not. */
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
    const response = { requestId: this.settings.nilRequests ? NIL : each.requestId };
    const paymentRequestId = isLink ? activateResponse.parse(response).requestId : undefined;
    const result = { kind: 'started', sessionId: new Sensitive(each.sessionId), paymentRequestId } as const;
    await this.store.attempts.finish(attempt, result, []);
  }

  /**
   * An event is true of its payment except for what is garbled. Beside a foreign id or reference it always contains
   * something true, because otherwise nothing would distinguish it from an event of the other payment.
   */
  #event(about: Upstream, other: Upstream, report: ReportKinds): ReportedFields {
    const beside = [report.requestId, report.sessionId, report.referenceId].includes('foreign')
      ? report.beside
      : undefined;
    const ids = {
      right: { requestId: about.requestId },
      capitals: { requestId: about.requestId.toUpperCase() },
      none: {},
      nil: { requestId: NIL },
      placeholder: { requestId: 'N/A' },
      rounded: { requestId: Number('1234567890123456789') },
      bare: { id: about.requestId },
      event: { id: `evt_${randomUUID()}` },
      foreign: { requestId: other.requestId },
    }[report.requestId];
    const { sessionId, referenceId } = other;
    const email = { right: about.email, masked: 'p***@example.com', none: undefined }[report.email];
    return {
      ...ids,
      sessionId: spellings(about.sessionId, sessionId)[report.sessionId],
      referenceId:
        beside === 'referenceId' ? about.referenceId : spellings(about.referenceId, referenceId)[report.referenceId],
      amount: beside === 'amount' || report.amount === 'right' ? about.amount : undefined,
      customerEmail: beside === 'email' ? about.email : email,
    };
  }

  async #deliver(event: object, ageMs: number): Promise<void> {
    const body = new Sensitive(Buffer.from(JSON.stringify({ ...event, nonce: randomUUID() })));
    await this.store.inbox.add(body, 'WAITING');
    const updates = new ApplyStatusUpdate(this.store.statuses, () => undefined, silentLog);
    const refresh = new StatusRefresh(this.#lookups(), updates, this.store.due, HOUR_MS, silentLog);
    const webhook = new ApplyWebhook(
      this.store.inbox,
      this.store.statuses,
      refresh,
      updates,
      this.settings.trustsEvents,
      silentLog,
    );
    for (const stored of await this.store.inbox.leaseDue(10, HOUR_MS)) await webhook.apply({ ...stored, ageMs });
  }

  /** A row without an amount could not be read. */
  async #import(
    { amount }: Upstream,
    { requestId, referenceId, customerEmail: email }: ReportedFields,
    status: string,
  ) {
    const id = requestId === undefined ? undefined : String(requestId);
    await importFile(this.store, fileOf([{ requestId: id, referenceId, amount, email, status }]));
  }

  #lookups(): Pick<Lookups, 'canLookup' | 'lookup'> {
    return {
      canLookup: ({ paymentRequestId }) => paymentRequestId !== undefined,
      lookup: ({ paymentRequestId: requested }: Pick<PaymentSession, 'paymentRequestId' | 'sessionId'>) => {
        if (requested === undefined) return undefined;
        const found = this.upstream.find(({ requestId }) => requestId === requested.toLowerCase());
        if (found === undefined) return Promise.resolve({ kind: 'rejected', status: 404, message: '' });
        const isStray = this.settings.lookupsAreStray && this.settings.lookupsHaveIdentity;
        const responded = isStray ? this.#at(OWNERS.indexOf('elsewhere')) : found;
        const { referenceId, amount } = responded;
        const identityFields = this.settings.lookupsHaveIdentity ? { referenceId, amount: Number(amount) } : {};
        const providerStatus = responded.statuses.at(-1) ?? '';
        const { identity } = lookupResponse.parse({
          requestId: found.requestId,
          status: providerStatus,
          ...identityFields,
        });
        const status: PaymentSessionStatus | undefined = toPaymentStatus(providerStatus);
        return Promise.resolve({
          kind: 'succeeded',
          value: { status, providerStatus, details: undefined, identity },
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

/** The spellings of an id or a reference in a report. */
const spellings = (right: string, foreign: string) => ({
  right,
  foreign,
  capitals: right.toUpperCase(),
  none: undefined,
});

/** A payment got a status or an id that its own payment at Flinks does not have. */
class UpdatesCrossed extends Error {
  override readonly name = 'UpdatesCrossed';
}

/**
 * Runs the property over random events, ids, contradictions and orders of arrival. Rejects with the smallest run that
 * fails, or with `endOnFailure` with the first.
 */
export async function updatesNeverCross({ endOnFailure = false } = {}): Promise<void> {
  const store = await TestStore.open('sqlite::memory:');
  try {
    await fc.assert(
      fc.asyncProperty(run, async (settings) => {
        await store.empty();
        const gateway = new Gateway(store, settings);
        await gateway.start();
        for (const each of settings.steps) {
          await gateway.report(each);
          const [violation] = await gateway.violations();
          if (violation !== undefined) throw new UpdatesCrossed(violation);
        }
      }),
      { numRuns: 300, endOnFailure },
    );
  } finally {
    await store.close();
  }
}
