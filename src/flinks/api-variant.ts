import { z } from 'zod';

/**
 * Every point on which Flinks's documents disagree, one field each, with the source its default follows
 * (pages of docs.flinks.com; where another page and the SendRequest page differ, the latter wins).
 * Where reading both versions costs nothing there is no field: 200 and 201, the casing of replies, both status schemas.
 */
export const apiVariantSchema = z.strictObject(
  {
    /** reusable: a token serves every call until it expires. single-use: it starts one session. auto: find out. */
    tokenPolicy: z.enum(['auto', 'reusable', 'single-use']).default('auto'),
    /** Credentials of /authorize: HTTP Basic (e-Transfer overview) or form fields Username and Password (Authorize page). */
    credentials: z.enum(['basic', 'form']).default('basic'),
    /** Header of the token: `Authorization: Bearer` (troubleshooting guide) or a header named `BearerToken` (weak source). */
    tokenHeader: z.enum(['Authorization', 'BearerToken']).default('Authorization'),
    /** Spelling of the list of client URLs: `clientUrls` (SendRequest page) or `clientURIs` (Initiate page). */
    clientUrlsField: z.enum(['clientUrls', 'clientURIs']).default('clientUrls'),
    /** Spelling of the reference id: the sample reply has `referenceId`, the prose `ReferenceId`. */
    referenceIdField: z.enum(['referenceId', 'ReferenceId']).default('referenceId'),
    /** Spelling of the user id, which the SendRequest page requires without showing it on the wire [inferred]. */
    userIdField: z.enum(['userId', 'UserId']).default('userId'),
    /** The amount as a JSON number (SendRequest page: a decimal field) or as a string (third-party SDK). */
    amountEncoding: z.enum(['number', 'string']).default('number'),
    /** Whether a sent request must be activated by a payment request, as an initiated one must. Not stated; probably not. */
    sendRequestNeedsActivation: z
      .enum(['true', 'false'])
      .transform((choice) => choice === 'true')
      .default(false),
    /** How a session is cancelled: V2's path (e-Transfer cancel page), or none, since V1's path is in no document. */
    cancelPath: z.enum(['v2', 'none']).default('v2'),
    /**
     * Whether a payment without a payment request id is looked up by its session: no, or by V2's `/details` (e-Transfer details
     * page). That it answers for sessions of V1 is not stated.
     */
    sessionLookup: z.enum(['none', 'v2-details']).default('none'),
    /**
     * What a webhook is worth. hint: Flinks is asked, and its answer counts, wherever the payment can be looked up. believed: an
     * event counts by itself if it is timely and has a status, and Flinks is asked first only about an id that the payment lacks.
     * The e-Transfer event is in no document but the changelog of August 2025, so it is a hint by default.
     */
    webhooks: z.enum(['verify', 'trust']).default('verify'),
    /**
     * Which payments a daily file has: all that ended, also in an error (getting-started page), or only those that are paid out
     * (e-Transfer guide, which speaks of consolidated payments). Others are not missed in it.
     */
    dailyFileContains: z.enum(['all', 'settled']).default('all'),
  },
  // Not zod's own message, which repeats what was written.
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? 'has a field that is not in src/flinks/api-variant.ts' : undefined,
  },
);

export type ApiVariant = z.infer<typeof apiVariantSchema>;
export type TokenPolicy = ApiVariant['tokenPolicy'];
export type DetectedTokenPolicy = Exclude<TokenPolicy, 'auto'>;
