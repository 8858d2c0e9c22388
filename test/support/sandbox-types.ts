export type Endpoint = 'authorize' | 'initiate' | 'sendrequest' | 'activate' | 'lookup' | 'details' | 'cancel';

export interface Fault {
  readonly endpoint: Endpoint;
  readonly kind: 'slow' | 'status' | 'cut' | 'hang' | 'html' | 'truncated' | 'unauthorized';
  readonly when?: 'before-work' | 'after-work';
  readonly count?: number;
  readonly delayMs?: number;
  readonly status?: number;
  readonly retryAfterSeconds?: number;
}

export interface Journal {
  readonly counts: { readonly calls: Record<string, number>; readonly results: Record<string, number> };
  readonly inFlight: { readonly now: number; readonly max: number };
  readonly entries: readonly { readonly endpoint: string; readonly result: string; readonly amount?: string }[];
}

export interface SandboxMessage {
  readonly to: string;
  readonly link: string;
  readonly sessionId: string;
  readonly referenceId: string;
}

/** `requestId` and `status` are null until the session has a payment request: until then it cannot be paid. */
export interface SandboxSession {
  readonly sessionId: string;
  readonly startedBy: 'initiate' | 'sendrequest';
  readonly requestId: string | null;
  readonly status: string | null;
  readonly statusDetails?: string;
  readonly amount: string;
  readonly customerEmail: string;
  readonly referenceId: string;
}

export interface WebhookFault {
  readonly kind: 'drop' | 'double' | 'delay' | 'reorder' | 'forge' | 'replay' | 'stale';
  readonly count?: number;
  readonly delayMs?: number;
}

/** `responseStatus` is the HTTP status of the receiver, or null if no response came or nothing was sent. */
export interface WebhookAttempt {
  readonly at: string;
  readonly sessionId: string;
  readonly status: string;
  readonly fault: WebhookFault['kind'] | null;
  readonly responseStatus: number | null;
}

export interface WebhookLog {
  readonly underWay: number;
  readonly held: number;
  readonly replayable: number;
  readonly attempts: readonly WebhookAttempt[];
}

/** A payment to be added to the sandbox. Times are in ISO 8601. `changedAt` is the time of its last status change. */
export interface GivenSession {
  readonly sessionId?: string;
  readonly requestId?: string;
  readonly referenceId: string;
  readonly amount: string;
  readonly customerName: string;
  readonly customerEmail: string;
  readonly userId?: string;
  readonly startedBy?: 'initiate' | 'sendrequest';
  readonly status: string;
  readonly statusDetails?: string;
  readonly createdAt?: string;
  readonly changedAt?: string;
}

export type DailyFileFaultKind =
  'missingThere' | 'missingHere' | 'amountDiffers' | 'statusDiffers' | 'duplicateRow' | 'unreadableRow' | 'ambiguous';

export interface DailyFileOptions {
  readonly timeZone?: string;
  readonly columns?: 'standard' | 'alternative';
  readonly bom?: boolean;
  readonly order?: 'listed' | 'shuffled';
  readonly requestIds?: boolean;
  readonly emailedRequestIds?: boolean;
  readonly statuses?: 'all' | 'settled';
  readonly faults?: Partial<Record<DailyFileFaultKind, number>>;
  readonly seed?: number;
}

/** A fault that the sandbox has put into a daily file. `rows` are row numbers, where 1 is the row below the header. */
export interface DailyFileFault {
  readonly kind: DailyFileFaultKind;
  readonly rows: readonly number[];
  readonly requestId: string | null;
  readonly sessionId: string | null;
  readonly referenceId: string;
  readonly field: string | null;
  readonly expected: string | null;
  readonly inFile: string | null;
}
