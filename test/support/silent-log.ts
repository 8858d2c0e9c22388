import { pino } from 'pino';

/** A logger without output, for units under test. */
export const silentLog = pino({ level: 'silent' });
