import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LookupQueue } from '../../src/payments/status/lookup-queue.js';
import type { LookupSlot, Urgency } from '../../src/payments/status/lookup-queue.js';

const MAX_IN_FLIGHT = 8;
const MAX_POLLED = 6;

/** A lookup queue whose slots have names. `granted`: the names of the granted slots, in order. */
class NamedQueue {
  readonly granted: string[] = [];
  readonly inFlight: { name: string; slot: LookupSlot }[] = [];
  readonly #queue = new LookupQueue(MAX_IN_FLIGHT);

  async enqueue(urgency: Urgency, name: string): Promise<LookupSlot> {
    const slot = this.#queue.enqueue(urgency);
    void slot.granted.then((isGranted) => {
      if (!isGranted) return;
      this.granted.push(name);
      this.inFlight.push({ name, slot });
    });
    await afterImmediate();
    return slot;
  }

  async enqueueMany(urgency: Urgency, count: number): Promise<void> {
    for (let each = 0; each < count; each++) await this.enqueue(urgency, `${urgency} ${each}`);
  }

  async release(index = 0): Promise<void> {
    this.inFlight.splice(index, 1)[0]?.slot.release();
    await afterImmediate();
  }

  async releaseAll(): Promise<void> {
    while (this.inFlight.length > 0) await this.release();
  }
}

const afterImmediate = () => new Promise((resolve) => setImmediate(resolve));

describe('LookupQueue', () => {
  it('keeps slots free for readers when the backlog is full', async () => {
    const queue = new NamedQueue();
    await queue.enqueueMany('backlog', 100);
    expect(queue.granted).toHaveLength(MAX_POLLED);
    await queue.enqueue('asked', 'reader');
    expect(queue.granted.at(-1)).toBe('reader');
  });

  it('gives all slots to readers when nothing else waits', async () => {
    const queue = new NamedQueue();
    await queue.enqueueMany('asked', 50);
    expect(queue.granted).toHaveLength(MAX_IN_FLIGHT);
    await queue.releaseAll();
    expect(queue.granted).toEqual(Array.from({ length: 50 }, (_, index) => `asked ${index}`));
  });

  it('gives every fourth slot to the backlog, however many readers wait', async () => {
    const queue = new NamedQueue();
    await queue.enqueueMany('asked', 60);
    await queue.enqueueMany('backlog', 10);
    await queue.releaseAll();
    const places = queue.granted.flatMap((name, index) => (name.startsWith('backlog') ? [index] : []));
    expect(places).toEqual(Array.from({ length: 10 }, (_, index) => MAX_IN_FLIGHT + 3 + 4 * index));
  });

  it('serves readers before watched payments, and watched payments before the backlog', async () => {
    const queue = new NamedQueue();
    await queue.enqueueMany('backlog', 10);
    await queue.enqueueMany('watched', 6);
    await queue.enqueueMany('asked', 4);
    expect(queue.granted).toHaveLength(MAX_IN_FLIGHT);
    await queue.releaseAll();
    expect(queue.granted.filter((name) => !name.startsWith('backlog')).slice(0, 4)).toEqual(
      [0, 1, 2, 3].map((index) => `asked ${index}`),
    );
    const [watched, backlog] = ['watched', 'backlog'].map((name) =>
      queue.granted.findLastIndex((each) => each.startsWith(name)),
    );
    expect(watched).toBeLessThan(backlog ?? 0);
  });

  it('serves every urgency that waits, however many are more urgent', async () => {
    const queue = new NamedQueue();
    await queue.enqueueMany('asked', 80);
    await queue.enqueueMany('watched', 10);
    await queue.enqueueMany('backlog', 10);
    await queue.releaseAll();
    for (const urgency of ['watched', 'backlog'])
      expect(queue.granted.slice(0, MAX_IN_FLIGHT + 5 * 10).filter((name) => name.startsWith(urgency))).toHaveLength(
        10,
      );
  });

  it('serves a lookup of the backlog at once when a reader needs it', async () => {
    const queue = new NamedQueue();
    await queue.enqueueMany('backlog', 20);
    const last = await queue.enqueue('backlog', 'read');
    last.expedite('asked');
    await afterImmediate();
    expect(queue.granted.at(-1)).toBe('read');
    last.expedite('asked');
    await queue.releaseAll();
    expect(queue.granted.filter((name) => name === 'read')).toHaveLength(1);
  });

  it('never grants an abandoned slot, and does not let a granted slot be abandoned', async () => {
    const queue = new NamedQueue();
    await queue.enqueueMany('asked', MAX_IN_FLIGHT);
    const slot = await queue.enqueue('asked', 'gone');
    expect([slot.abandon(), slot.abandon()]).toEqual([true, false]);
    expect(await slot.granted).toBe(false);
    expect(queue.inFlight[0]?.slot.abandon()).toBe(false);
    await queue.releaseAll();
    expect(queue.granted).not.toContain('gone');
  });

  it('grants slots in order within each urgency, never beyond the limits, and finally all of them', async () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constantFrom('asked' as const, 'watched' as const, 'backlog' as const) }),
      fc.record({ kind: fc.constantFrom('end' as const, 'abandon' as const, 'expedite' as const), at: fc.nat(40) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 80, size: 'max' }), async (actions) => {
        const queue = new NamedQueue();
        const waiting: { name: string; slot: LookupSlot }[] = [];
        const [abandoned, expedited] = [new Set<string>(), new Set<string>()];
        for (const [index, step] of actions.entries()) {
          if (!('at' in step)) {
            const name = `${step.kind} ${String(index).padStart(3, '0')}`;
            waiting.push({ name, slot: await queue.enqueue(step.kind, name) });
          } else if (step.kind === 'end') await queue.release(step.at % Math.max(1, queue.inFlight.length));
          else {
            const chosen = waiting[step.at % Math.max(1, waiting.length)];
            if (step.kind === 'abandon' && chosen?.slot.abandon() === true) abandoned.add(chosen.name);
            if (step.kind === 'expedite' && chosen !== undefined) {
              expedited.add(chosen.name);
              chosen.slot.expedite('asked');
            }
            await afterImmediate();
          }
          expect(queue.inFlight.length).toBeLessThanOrEqual(MAX_IN_FLIGHT);
          const polled = queue.inFlight.filter(({ name }) => !name.startsWith('asked') && !expedited.has(name));
          expect(polled.length).toBeLessThanOrEqual(MAX_POLLED);
        }
        await queue.releaseAll();
        expect([...queue.granted, ...abandoned].sort()).toEqual(waiting.map(({ name }) => name).sort());
        for (const urgency of ['asked', 'watched', 'backlog']) {
          const inOrder = queue.granted.filter((name) => name.startsWith(urgency) && !expedited.has(name));
          expect(inOrder).toEqual([...inOrder].sort());
        }
      }),
      { numRuns: 200 },
    );
  });
});
