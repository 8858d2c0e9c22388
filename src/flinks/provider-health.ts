import type { ProviderResult } from '../domain/provider-result.js';

/** Flinks's health after the last call, in the codes of the API. `problem`: why that call failed. */
export interface Health {
  readonly status: 'NOT_CALLED_YET' | 'OK' | 'PROVIDER_UNAVAILABLE' | 'PROVIDER_MISCONFIGURED';
  readonly problem: string | undefined;
}

/** Keeps the health derived from the last call to Flinks. */
export class ProviderHealth {
  /** Health after the last call. */
  current: Health = { status: 'NOT_CALLED_YET', problem: undefined };

  /** Updates the health from a call's result. */
  record(result: ProviderResult<unknown>): void {
    this.current = healthOf(result);
  }
}

function healthOf(result: ProviderResult<unknown>): Health {
  switch (result.kind) {
    case 'succeeded':
    case 'rejected':
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
