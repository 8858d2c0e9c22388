import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { FaultQueue } from '../fault-queue.js';
import { checked } from './checked.js';

/** Adds the routes that list, add and clear the faults of one kind of traffic. */
export function addFaultRoutes<Fault extends { count: number }>(
  app: FastifyInstance,
  url: string,
  queue: FaultQueue<Fault>,
  schema: z.ZodType<Fault>,
): void {
  app.get(url, () => queue.list());
  app.post(url, (request) => {
    queue.add(checked(schema, request.body));
    return queue.list();
  });
  app.delete(url, () => {
    queue.clear();
    return queue.list();
  });
}
