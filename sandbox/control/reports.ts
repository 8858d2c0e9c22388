import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Parts } from '../parts.js';
import { csvChunks } from '../reports/csv.js';
import { dailyFile } from '../reports/daily-file.js';
import { dailyQuerySchema } from '../reports/query.js';
import { checked } from './checked.js';

/** Adds the routes of the daily file and of the faults in it. */
export function addReportRoutes(app: FastifyInstance, { state }: Parts): void {
  app.get('/sandbox/reports/daily', (request, reply) => {
    const query = checked(dailyQuerySchema, request.query);
    const { date, rows } = dailyFile(state, query);
    reply.type('text/csv; charset=utf-8').header('content-disposition', `inline; filename="daily-${date}.csv"`);
    return reply.send(Readable.from(csvChunks(rows, query)));
  });
  app.get('/sandbox/reports/daily/faults', (request) => {
    return dailyFile(state, checked(dailyQuerySchema, request.query)).faults;
  });
}
