import type { Verdict } from './verdict.js';

/** How Flinks looks after the last call, replay included. `problem`: what kept that call from succeeding. */
export interface Health {
  readonly status: 'not called yet' | 'ok' | 'unavailable' | 'misconfigured';
  readonly problem: string | undefined;
}

export class CallHealth {
  current: Health = { status: 'not called yet', problem: undefined };

  note(verdict: Verdict<unknown>): void {
    this.current = healthOf(verdict);
  }
}

function healthOf(verdict: Verdict<unknown>): Health {
  switch (verdict.kind) {
    case 'done':
    case 'refused':
      return { status: 'ok', problem: undefined };
    case 'misconfigured':
      return { status: 'misconfigured', problem: verdict.reason };
    case 'not-executed':
    case 'unknown':
      return { status: 'unavailable', problem: verdict.reason };
  }
}
