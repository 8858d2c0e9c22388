import { describe, expect, it } from '@jest/globals';
import { PaymentIntentions } from '../../client/src/intentions.js';
import { BLOCKED, PageStorage } from '../support/page-storage.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('the key of an intention', () => {
  it('is a UUID that is constant for a name and different for each name', () => {
    const intentions = new PaymentIntentions(new PageStorage());
    const key = intentions.keyOf('order-1');
    expect(key).toMatch(UUID);
    expect(intentions.keyOf('order-1')).toBe(key);
    expect(intentions.keyOf('order-2')).not.toBe(key);
  });

  it('survives the page, and is shared with other tabs', () => {
    const storage = new PageStorage();
    const [tab, otherTab] = [new PaymentIntentions(storage), new PaymentIntentions(storage)];
    const key = tab.keyOf('order-1');
    expect(otherTab.keyOf('order-1')).toBe(key);
    expect(new PaymentIntentions(storage).keyOf('order-1')).toBe(key);
  });

  it('changes in all tabs when the intention is renewed', () => {
    const storage = new PageStorage();
    const [tab, otherTab] = [new PaymentIntentions(storage), new PaymentIntentions(storage)];
    const [old] = [tab.keyOf('order-1'), otherTab.keyOf('order-1')];
    tab.renew('order-1');
    expect(tab.keyOf('order-1')).not.toBe(old);
    expect(otherTab.keyOf('order-1')).toBe(tab.keyOf('order-1'));
  });

  it('is kept by the page if the storage is cleared, and stored again', () => {
    const storage = new PageStorage();
    const intentions = new PaymentIntentions(storage);
    const key = intentions.keyOf('order-1');
    storage.clear();
    expect(intentions.keyOf('order-1')).toBe(key);
    expect(new PaymentIntentions(storage).keyOf('order-1')).toBe(key);
  });

  it.each([
    ['is blocked', BLOCKED],
    ['discards everything', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined }],
    ['is full', Object.assign(new PageStorage(), { isFull: true })],
  ])('is kept by the page if the storage %s', (_, storage) => {
    const intentions = new PaymentIntentions(storage);
    const key = intentions.keyOf('order-1');
    expect(intentions.keyOf('order-1')).toBe(key);
    intentions.renew('order-1');
    const next = intentions.keyOf('order-1');
    expect(next).not.toBe(key);
    expect(intentions.keyOf('order-1')).toBe(next);
  });

  it('that a full storage did not accept takes precedence over the stored one', () => {
    const storage = new PageStorage();
    const intentions = new PaymentIntentions(storage);
    const old = intentions.keyOf('order-1');
    storage.isFull = true;
    intentions.renew('order-1');
    const key = intentions.keyOf('order-1');
    expect(key).not.toBe(old);
    storage.isFull = false;
    expect(intentions.keyOf('order-1')).toBe(key);
    expect(new PaymentIntentions(storage).keyOf('order-1')).toBe(key);
  });

  it('is removed when the intention is forgotten', () => {
    const storage = new PageStorage();
    const intentions = new PaymentIntentions(storage);
    const key = intentions.keyOf('order-1');
    intentions.forget('order-1');
    expect(storage.getItem('flinks-pay-intention:order-1')).toBeNull();
    expect(intentions.keyOf('order-1')).not.toBe(key);
  });

  it('needs no storage', () => {
    const intentions = new PaymentIntentions();
    expect(intentions.keyOf('order-1')).toBe(intentions.keyOf('order-1'));
  });
});
