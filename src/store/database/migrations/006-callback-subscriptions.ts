import { createIndex } from './migration.js';
import type { Migration } from './migration.js';

/** Callback subscriptions, and the replicas that hold them. */
export const callbackSubscriptions: Migration = {
  version: 6,
  name: 'callback subscriptions',
  compatibleFrom: 2,
  up: async (transaction) => {
    await transaction.schema
      .createTable('callback_subscriptions')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('caller', 'text', (column) => column.notNull())
      .addColumn('registration', 'text', (column) => column.notNull())
      .addColumn('after_event', 'integer', (column) => column.notNull())
      .addColumn('holder', 'text')
      .execute();
    // For the subscriptions of one holder, and for those without a holder.
    await createIndex(transaction, 'callback_subscriptions_holder', 'callback_subscriptions', ['holder']);
    await transaction.schema
      .createTable('callback_holders')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('lease_until', 'bigint', (column) => column.notNull())
      .execute();
  },
};
