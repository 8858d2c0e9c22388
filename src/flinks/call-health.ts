import type { Verdict } from './verdict.js';

/** How Flinks looks after the last call, in the codes that callers see. `problem`: what kept that call from succeeding. */
export interface Health {
  readonly status: 'NOT_CALLED_YET' | 'OK' | 'PROVIDER_UNAVAILABLE' | 'PROVIDER_MISCONFIGURED';
  readonly problem: string | undefined;
}

export class CallHealth {
  current: Health = { status: 'NOT_CALLED_YET', problem: undefined };

  note(verdict: Verdict<unknown>): void {
    this.current = healthOf(verdict);
  }
}

function healthOf(verdict: Verdict<unknown>): Health {
  switch (verdict.kind) {
    case 'done':
    case 'refused':
      return { status: 'OK', problem: undefined };
    case 'misconfigured':
      return { status: 'PROVIDER_MISCONFIGURED', problem: verdict.reason };
    case 'not-executed': {
      const { reason, detail } = verdict;
      return { status: 'PROVIDER_UNAVAILABLE', problem: detail === undefined ? reason : `${reason}: ${detail}` };
    }
    case 'unknown':
      return { status: 'PROVIDER_UNAVAILABLE', problem: verdict.reason };
  }
}
