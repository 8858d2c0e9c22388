import { pino } from 'pino';

/** For what is built without the program around it. */
export const silentLog = pino({ level: 'silent' });
