import type { ProviderResult } from '../domain/provider-result.js';

/** Flinks's health after the last call, in the codes of the API. `problem`: why that call failed. */
export interface Health {
  readonly status: 'NOT_CALLED_YET' | 'OK' | 'PROVIDER_UNAVAILABLE' | 'PROVIDER_MISCONFIGURED';
  readonly problem: string | undefined;
}

/** Health before the first call. */
export const NOT_CALLED_YET: Health = { status: 'NOT_CALLED_YET', problem: undefined };

/** Health after a call with this result. */
export function healthOf(result: ProviderResult<unknown>): Health {
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
