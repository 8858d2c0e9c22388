import { Sensitive } from '../domain/sensitive.js';
import { Deadline } from '../lib/deadline.js';
import type { DetectedTokenPolicy, ApiVariant } from './api-variant.js';
import { Cancellations } from './cancellations.js';
import { CircuitBreaker, MAX_IN_FLIGHT } from './circuit-breaker.js';
import { FlinksClient } from './client.js';
import { Lookups } from './lookups.js';
import { PayableSessions } from './payable-sessions.js';
import { RequestExecutor } from './request-executor.js';
import type { CallObserver } from './request-executor.js';
import type { Authorize, TokenSource } from './tokens/token-source.js';
import { AutoTokens } from './tokens/auto-tokens.js';
import { CredentialGuard } from './tokens/credential-guard.js';
import { ReusableTokens } from './tokens/reusable-tokens.js';
import { SingleUseTokens } from './tokens/single-use-tokens.js';
import { Transport } from './transport.js';
import { authorizeRejection, authorizeResponse, authorizeRequest } from './wire/authorize.js';
import type { Credentials } from './wire/authorize.js';

/** Connection settings for Flinks, from the configuration. */
export interface FlinksSettings {
  /** Scheme, host and port, e.g. `https://payments-uat.flinksapp.com`. */
  readonly baseUrl: string;
  /** Base URL of Flinks's hosted app, e.g. `https://payments-uat.flinksapp.com/app/`. */
  readonly appUrl: string;
  /** The environment name assigned at onboarding. */
  readonly instance: string;
  readonly credentials: Credentials;
  readonly variant: ApiVariant;
  /** Timeout of a single HTTP call, in milliseconds. */
  readonly timeoutMs: number;
}

/** Callbacks for calls and detections as they happen. They must not throw. */
export interface FlinksObserver {
  /** Called with the result of every HTTP call. */
  readonly onCall: CallObserver;
  /** Called once, when the token policy `auto` has detected which policy Flinks follows. */
  readonly onTokenPolicyDetected: (policy: DetectedTokenPolicy) => void;
}

/** The adapter to Flinks: everything that the rest of the gateway uses of it. */
export type Flinks = ReturnType<typeof createFlinks>;

/** Builds the adapter: one transport, one circuit breaker and one token source for the single upstream host. */
export function createFlinks(settings: FlinksSettings, observer: FlinksObserver) {
  const { variant } = settings;
  const transport = new Transport(settings.baseUrl, MAX_IN_FLIGHT, settings.timeoutMs);
  const circuitBreaker = new CircuitBreaker();
  const executor = new RequestExecutor(transport, circuitBreaker, settings.timeoutMs, observer.onCall);
  const { username, password } = settings.credentials;
  const authorize: Authorize = () =>
    executor.execute(
      {
        endpoint: 'authorize',
        request: authorizeRequest(settings.credentials, variant),
        response: authorizeResponse,
        rejection: authorizeRejection,
        sensitive: [username, password],
      },
      Deadline.after(settings.timeoutMs),
    );
  const tokens = createTokenSource(variant, new CredentialGuard(authorize).authorize, observer);
  const client = new FlinksClient(executor, tokens, settings.instance, variant);
  return {
    client,
    payableSessions: new PayableSessions(client, variant.sendRequestNeedsActivation),
    lookups: new Lookups(client, variant.sessionLookup, settings.timeoutMs),
    cancellations: new Cancellations(client, variant.cancelPath),
    /** URL of the payment page: Flinks's hosted app, opened for a session. */
    paymentUrl: (sessionId: Sensitive<string>): Sensitive<string> => {
      const url = new URL(settings.appUrl);
      url.searchParams.set('sessionId', sessionId.reveal());
      return new Sensitive(url.href);
    },
    /** Health, circuit state and token policy, for the readiness check. Makes no call. */
    state: () => ({ ...client.health, circuit: circuitBreaker.circuit, tokens: tokens.state }),
    /** Stops token renewal and closes all connections. */
    close: (): Promise<void> => {
      tokens.close();
      return transport.close();
    },
  };
}

function createTokenSource(variant: ApiVariant, authorize: Authorize, observer: FlinksObserver): TokenSource {
  switch (variant.tokenPolicy) {
    case 'reusable':
      return new ReusableTokens(authorize);
    case 'single-use':
      return new SingleUseTokens(authorize);
    case 'auto':
      return new AutoTokens(
        new ReusableTokens(authorize),
        new SingleUseTokens(authorize),
        observer.onTokenPolicyDetected,
      );
  }
}
