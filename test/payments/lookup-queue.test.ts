import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LookupQueue } from '../../src/payments/status/lookup-queue.js';
import type { LookupSlot, Urgency } from '../../src/payments/status/lookup-queue.js';

const MOST = 8;
const MOST_POLLED = 6;

/** Turns with names, and which of them have come, in that order. */
class Line {
  readonly come: string[] = [];
  readonly underWay: { name: string; turn: LookupSlot }[] = [];
  readonly #turns = new LookupQueue(MOST);

  async take(urgency: Urgency, name: string): Promise<LookupSlot> {
    const turn = this.#turns.enqueue(urgency);
    void turn.granted.then((hasCome) => {
      if (!hasCome) return;
      this.come.push(name);
      this.underWay.push({ name, turn });
    });
    await settled();
    return turn;
  }

  async takeMany(urgency: Urgency, count: number): Promise<void> {
    for (let each = 0; each < count; each++) await this.take(urgency, `${urgency} ${each}`);
  }

  async end(index = 0): Promise<void> {
    this.underWay.splice(index, 1)[0]?.turn.release();
    await settled();
  }

  async endAll(): Promise<void> {
    while (this.underWay.length > 0) await this.end();
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('turns of lookups', () => {
  it('leave room for somebody who comes to a full backlog', async () => {
    const line = new Line();
    await line.takeMany('backlog', 100);
    expect(line.come).toHaveLength(MOST_POLLED);
    await line.take('asked', 'reader');
    expect(line.come.at(-1)).toBe('reader');
  });

  it('are all for readers when nothing else waits', async () => {
    const line = new Line();
    await line.takeMany('asked', 50);
    expect(line.come).toHaveLength(MOST);
    await line.endAll();
    expect(line.come).toEqual(Array.from({ length: 50 }, (_, index) => `asked ${index}`));
  });

  it('come to the backlog every fourth time, however many are wanted', async () => {
    const line = new Line();
    await line.takeMany('asked', 60);
    await line.takeMany('backlog', 10);
    await line.endAll();
    const places = line.come.flatMap((name, index) => (name.startsWith('backlog') ? [index] : []));
    expect(places).toEqual(Array.from({ length: 10 }, (_, index) => MOST + 3 + 4 * index));
  });

  it('come to what is watched before the backlog, in the places of both, and to what is asked before either', async () => {
    const line = new Line();
    await line.takeMany('backlog', 10);
    await line.takeMany('watched', 6);
    await line.takeMany('asked', 4);
    expect(line.come).toHaveLength(MOST);
    await line.endAll();
    expect(line.come.filter((name) => !name.startsWith('backlog')).slice(0, 4)).toEqual(
      [0, 1, 2, 3].map((index) => `asked ${index}`),
    );
    const [watched, backlog] = ['watched', 'backlog'].map((name) =>
      line.come.findLastIndex((each) => each.startsWith(name)),
    );
    expect(watched).toBeLessThan(backlog ?? 0);
  });

  it('come to each line that waits, however many are more urgent', async () => {
    const line = new Line();
    await line.takeMany('asked', 80);
    await line.takeMany('watched', 10);
    await line.takeMany('backlog', 10);
    await line.endAll();
    for (const urgency of ['watched', 'backlog'])
      expect(line.come.slice(0, MOST + 5 * 10).filter((name) => name.startsWith(urgency))).toHaveLength(10);
  });

  it('come at once to what was backlog and is wanted now', async () => {
    const line = new Line();
    await line.takeMany('backlog', 20);
    const last = await line.take('backlog', 'read');
    last.expedite('asked');
    await settled();
    expect(line.come.at(-1)).toBe('read');
    last.expedite('asked');
    await line.endAll();
    expect(line.come.filter((name) => name === 'read')).toHaveLength(1);
  });

  it('that were given up never come, and cannot be given up once they have', async () => {
    const line = new Line();
    await line.takeMany('asked', MOST);
    const turn = await line.take('asked', 'gone');
    expect([turn.abandon(), turn.abandon()]).toEqual([true, false]);
    expect(await turn.granted).toBe(false);
    expect(line.underWay[0]?.turn.abandon()).toBe(false);
    await line.endAll();
    expect(line.come).not.toContain('gone');
  });

  it('come in order within each line, to no more than there is room for, and to all in the end', async () => {
    const act = fc.oneof(
      fc.record({ act: fc.constantFrom('asked' as const, 'watched' as const, 'backlog' as const) }),
      fc.record({ act: fc.constantFrom('end' as const, 'leave' as const, 'hurry' as const), at: fc.nat(40) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 80, size: 'max' }), async (acts) => {
        const line = new Line();
        const waiting: { name: string; turn: LookupSlot }[] = [];
        const [left, hurried] = [new Set<string>(), new Set<string>()];
        for (const [index, step] of acts.entries()) {
          if (!('at' in step)) {
            const name = `${step.act} ${String(index).padStart(3, '0')}`;
            waiting.push({ name, turn: await line.take(step.act, name) });
          } else if (step.act === 'end') await line.end(step.at % Math.max(1, line.underWay.length));
          else {
            const chosen = waiting[step.at % Math.max(1, waiting.length)];
            if (step.act === 'leave' && chosen?.turn.abandon() === true) left.add(chosen.name);
            if (step.act === 'hurry' && chosen !== undefined) {
              hurried.add(chosen.name);
              chosen.turn.expedite('asked');
            }
            await settled();
          }
          expect(line.underWay.length).toBeLessThanOrEqual(MOST);
          const polled = line.underWay.filter(({ name }) => !name.startsWith('asked') && !hurried.has(name));
          expect(polled.length).toBeLessThanOrEqual(MOST_POLLED);
        }
        await line.endAll();
        expect([...line.come, ...left].sort()).toEqual(waiting.map(({ name }) => name).sort());
        for (const urgency of ['asked', 'watched', 'backlog']) {
          const own = line.come.filter((name) => name.startsWith(urgency) && !hurried.has(name));
          expect(own).toEqual([...own].sort());
        }
      }),
      { numRuns: 200 },
    );
  });
});
