import { Deadline } from '../deadline.js';
import type { Sensitive } from '../domain/sensitive.js';
import { CallHealth } from './call-health.js';
import type { Health } from './call-health.js';
import { Caller } from './caller.js';
import type { CallObserver } from './caller.js';
import { Cancellations } from './cancellations.js';
import { FlinksClient } from './client.js';
import { HostLimits, MAX_IN_FLIGHT } from './host-limits.js';
import type { CircuitName } from './host-limits.js';
import { paymentUrl } from './payment-url.js';
import { LookUps } from './look-ups.js';
import { PayableSessions } from './payable-sessions.js';
import type { LearntTokenPolicy, UpstreamProfile } from './profile.js';
import type { Authorize } from './tokens/access-token.js';
import { AutoTokens } from './tokens/auto-tokens.js';
import { CredentialGuard } from './tokens/credential-guard.js';
import { ReusableTokens } from './tokens/reusable-tokens.js';
import { SingleUseTokens } from './tokens/single-use-tokens.js';
import type { TokenSource, TokenState } from './tokens/token-source.js';
import { Transport } from './transport.js';
import { authorizeRefusal, authorizeReply, authorizeRequest } from './wire/authorize.js';
import type { Credentials } from './wire/authorize.js';

export interface FlinksSettings {
  /** Scheme, host and port, e.g. `https://payments-uat.flinksapp.com`. */
  readonly baseUrl: string;
  readonly appUrl: string;
  readonly instance: string;
  readonly credentials: Credentials;
  readonly profile: UpstreamProfile;
  /** Deadline of one call. */
  readonly timeoutMs: number;
}

/** What is told as it happens; neither may throw. */
export interface FlinksObserver {
  readonly onCall: CallObserver;
  readonly onTokenPolicyLearnt: (policy: LearntTokenPolicy) => void;
}

export interface FlinksState extends Health {
  readonly circuit: CircuitName;
  readonly tokens: TokenState;
}

export interface Flinks {
  readonly client: FlinksClient;
  readonly payableSessions: PayableSessions;
  readonly lookUps: LookUps;
  readonly cancellations: Cancellations;
  /** The hosted app, opened for a session. */
  paymentUrl(sessionId: Sensitive<string>): Sensitive<string>;
  state(): FlinksState;
  close(): Promise<void>;
}

/** Builds the adapter: one transport, one set of limits and one token source for the one upstream host. */
export function createFlinks(settings: FlinksSettings, observer: FlinksObserver): Flinks {
  const { profile } = settings;
  const transport = new Transport(settings.baseUrl, MAX_IN_FLIGHT, settings.timeoutMs);
  const limits = new HostLimits();
  const health = new CallHealth();
  const caller = new Caller(transport, limits, settings.timeoutMs, observer.onCall);
  const { username, password } = settings.credentials;
  const authorize: Authorize = () =>
    caller.make(
      {
        endpoint: 'authorize',
        request: authorizeRequest(settings.credentials, profile),
        reply: authorizeReply,
        refusal: authorizeRefusal,
        hidden: [username, password],
      },
      Deadline.after(settings.timeoutMs),
    );
  const tokens = createTokenSource(profile, new CredentialGuard(authorize).authorize, observer);
  const client = new FlinksClient(caller, tokens, health, settings.instance, profile);
  return {
    client,
    payableSessions: new PayableSessions(client, profile.sendRequestNeedsActivation),
    lookUps: new LookUps(client, profile.sessionLookUp, settings.timeoutMs),
    cancellations: new Cancellations(client, profile.cancelPath),
    paymentUrl: (sessionId) => paymentUrl(settings.appUrl, sessionId),
    state: () => ({ ...health.current, circuit: limits.circuit, tokens: tokens.state }),
    close: () => {
      tokens.close();
      return transport.close();
    },
  };
}

function createTokenSource(profile: UpstreamProfile, authorize: Authorize, observer: FlinksObserver): TokenSource {
  switch (profile.tokenPolicy) {
    case 'reusable':
      return new ReusableTokens(authorize);
    case 'single-use':
      return new SingleUseTokens(authorize);
    case 'auto':
      return new AutoTokens(
        new ReusableTokens(authorize),
        new SingleUseTokens(authorize),
        observer.onTokenPolicyLearnt,
      );
  }
}
