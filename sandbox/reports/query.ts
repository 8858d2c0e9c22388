import { z } from 'zod';
import { isTimeZone } from './days.js';

/** The kinds of faults that a daily file can have. */
export const faultKinds = [
  'missingThere',
  'missingHere',
  'amountDiffers',
  'statusDiffers',
  'duplicateRow',
  'unreadableRow',
  'ambiguous',
] as const;
/** A kind of fault in a daily file. */
export type FaultKind = (typeof faultKinds)[number];

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const faultCounts = z.partialRecord(z.enum(faultKinds), z.int().min(0));

/** The query string of a daily file. */
export const dailyQuerySchema = z.strictObject({
  date: z.iso.date().optional(),
  timeZone: z.string().refine(isTimeZone, 'must be a time zone such as America/Toronto').default('America/Toronto'),
  columns: z.enum(['standard', 'alternative']).default('standard'),
  bom: flag.default(false),
  order: z.enum(['listed', 'shuffled']).default('listed'),
  requestIds: flag.default(true),
  emailedRequestIds: flag.default(false),
  statuses: z.enum(['all', 'settled']).default('all'),
  faults: z.string().transform(parsed).pipe(faultCounts).default({}),
  seed: z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number of at most 9 digits')
    .transform(Number)
    .default(1),
});

/** The parsed query of a daily file. */
export type DailyQuery = z.infer<typeof dailyQuerySchema>;

/** Parses JSON. A text that is not JSON stays text, so that the schema rejects it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
