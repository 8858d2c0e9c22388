// The load generator, a process of its own: each message says what to send, and gets the result.
import { closedLoop } from './closed.mjs';
import { openLoop } from './open.mjs';

const LOOPS = { closed: closedLoop, open: openLoop };

process.on('message', async ({ loop, ...load }) => process.send(await LOOPS[loop](load)));
process.send('ready');
