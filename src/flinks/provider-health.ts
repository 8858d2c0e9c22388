import type { CallResult } from './call-result.js';

/** How Flinks looks after the last call, in the codes that callers see. `problem`: what kept that call from succeeding. */
export interface Health {
  readonly status: 'NOT_CALLED_YET' | 'OK' | 'PROVIDER_UNAVAILABLE' | 'PROVIDER_MISCONFIGURED';
  readonly problem: string | undefined;
}

export class ProviderHealth {
  current: Health = { status: 'NOT_CALLED_YET', problem: undefined };

  record(result: CallResult<unknown>): void {
    this.current = healthOf(result);
  }
}

function healthOf(result: CallResult<unknown>): Health {
  switch (result.kind) {
    case 'done':
    case 'refused':
      return { status: 'OK', problem: undefined };
    case 'misconfigured':
      return { status: 'PROVIDER_MISCONFIGURED', problem: result.reason };
    case 'not-executed': {
      const { reason, detail } = result;
      return { status: 'PROVIDER_UNAVAILABLE', problem: detail === undefined ? reason : `${reason}: ${detail}` };
    }
    case 'unknown':
      return { status: 'PROVIDER_UNAVAILABLE', problem: result.reason };
  }
}
