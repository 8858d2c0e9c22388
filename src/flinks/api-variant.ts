import { z } from 'zod';

/**
 * The points on which Flinks's documents disagree, one field each, with the source that its default follows (pages of
 * docs.flinks.com; where another page contradicts the SendRequest page, the SendRequest page wins). There is no field
 * where the gateway can accept both versions: 200 and 201, the casing of responses, both status schemas. Configured by
 * `FLINKS_API_VARIANT`.
 */
export const apiVariantSchema = z.strictObject(
  {
    /** reusable: a token serves every call until it expires. single-use: it starts one session. auto: detect which. */
    tokenPolicy: z.enum(['auto', 'reusable', 'single-use']).default('auto'),
    /** Credentials of /authorize: HTTP Basic (e-Transfer overview) or form fields (Authorize page). */
    credentials: z.enum(['basic', 'form']).default('basic'),
    /** Header of the token: `Authorization: Bearer` (troubleshooting guide) or a header `BearerToken` (weak source). */
    tokenHeader: z.enum(['Authorization', 'BearerToken']).default('Authorization'),
    /** Spelling of the list of client URLs: `clientUrls` (SendRequest page) or `clientURIs` (Initiate page). */
    clientUrlsField: z.enum(['clientUrls', 'clientURIs']).default('clientUrls'),
    /** Spelling of the reference id: the sample response has `referenceId`, the prose `ReferenceId`. */
    referenceIdField: z.enum(['referenceId', 'ReferenceId']).default('referenceId'),
    /** Spelling of the user id, which the SendRequest page requires without showing it on the wire [inferred]. */
    userIdField: z.enum(['userId', 'UserId']).default('userId'),
    /** The amount as a JSON number (SendRequest page: a decimal field) or as a string (third-party SDK). */
    amountEncoding: z.enum(['number', 'string']).default('number'),
    /** Whether a sent request must be activated like an initiated one. Undocumented; probably not. */
    sendRequestNeedsActivation: z
      .enum(['true', 'false'])
      .transform((choice) => choice === 'true')
      .default(false),
    /** How a session is cancelled: by V2's path (e-Transfer cancel page), or not at all, since none is known for V1. */
    cancelPath: z.enum(['v2', 'none']).default('v2'),
    /**
     * How a payment without a payment request id is looked up: not at all, or by its session through V2's `/details`
     * (e-Transfer details page). Whether `/details` knows sessions of V1 is undocumented.
     */
    sessionLookup: z.enum(['none', 'v2-details']).default('none'),
    /**
     * How far a webhook event is trusted. verify: wherever the payment can be looked up, Flinks is queried and the
     * result of the lookup counts. trust: an event that is timely and has a status is applied as it is; Flinks is
     * queried first only about an id that the payment does not have yet. The default is `verify`, because the
     * e-Transfer event is documented only in the changelog of August 2025.
     */
    webhooks: z.enum(['verify', 'trust']).default('verify'),
    /**
     * Which payments a daily file contains: all that ended, including in an error (getting-started page), or only those
     * that are paid out (e-Transfer guide, which speaks of consolidated payments). Other payments are not reported as
     * missing.
     */
    dailyFileContains: z.enum(['all', 'settled']).default('all'),
  },
  // zod's own message repeats the configured value, which may be confidential.
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? 'has a field that is not in src/flinks/api-variant.ts' : undefined,
  },
);

/** A parsed `FLINKS_API_VARIANT`, with a default for every field that was left out. */
export type ApiVariant = z.infer<typeof apiVariantSchema>;
/** How access tokens are used, or `auto` to detect it. */
export type TokenPolicy = ApiVariant['tokenPolicy'];
/** A token policy that `auto` can detect. */
export type DetectedTokenPolicy = Exclude<TokenPolicy, 'auto'>;
