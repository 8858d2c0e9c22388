import { requireNode } from '../lib/supported-node.js';

requireNode();
await import('../programs/reconcile.js');
