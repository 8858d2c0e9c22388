// The schema of the project without the directives of Federation, and the resolvers of the mutations that peers have.
import { readFileSync } from 'node:fs';
import { parse, print, visit } from 'graphql';
import { createPaymentSession, sendPaymentRequest } from './upstream.mjs';

const SCHEMA = new URL('../../schema.graphql', import.meta.url);

export const typeDefs = print(
  visit(parse(readFileSync(SCHEMA, 'utf8')), {
    SchemaExtension: () => null,
    Directive: ({ name }) => (name.value === 'key' || name.value === 'tag' ? null : undefined),
  }),
);

export const resolvers = {
  Mutation: {
    createPaymentSession: (_, { input }) => createPaymentSession(input),
    sendPaymentRequest: (_, { input }) => sendPaymentRequest(input),
  },
};
