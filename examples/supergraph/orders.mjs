// The subgraph of another team. An order stores only the id of its payment.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])

  type Query {
    orders: [Order!]!
  }

  type Mutation {
    placeOrder(item: String!, paymentId: ID!): Order!
  }

  type Order @key(fields: "id") {
    id: ID!
    item: String!
    payment: PaymentSession
  }

  # The payments subgraph resolves the other fields by the id. An order whose payment does not exist has null.
  type PaymentSession @key(fields: "id", resolvable: false) {
    id: ID!
  }
`);

const orders = [];

const resolvers = {
  Query: { orders: () => orders },
  Mutation: {
    placeOrder(_root, { item, paymentId }) {
      const order = { id: String(orders.length + 1), item, paymentId };
      orders.push(order);
      return order;
    },
  },
  Order: {
    __resolveReference: ({ id }) => orders.find((order) => order.id === id),
    payment: ({ paymentId }) => ({ id: paymentId }),
  },
};

const server = new ApolloServer({ schema: buildSubgraphSchema([{ typeDefs, resolvers }]) });
const listen = { host: '127.0.0.1', port: Number(process.env.PORT ?? 4001) };
const { url } = await startStandaloneServer(server, { listen });
console.log(`orders: ${url}`);
