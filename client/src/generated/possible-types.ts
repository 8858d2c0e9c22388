export const possibleTypes: Record<string, string[]> = {
  "CancelPaymentSessionResult": [
    "CancelPaymentSessionSuccess",
    "InvalidInputError",
    "NotCancellableError",
    "NotFoundError",
    "OutcomeUnknownError",
    "ProviderUnavailableError",
    "StoreUnavailableError"
  ],
  "CreatePaymentSessionResult": [
    "CreatePaymentSessionSuccess",
    "DuplicatePaymentError",
    "IdempotencyKeyReusedError",
    "InvalidInputError",
    "PaymentInProgressError",
    "ProviderRejectedError",
    "ProviderUnavailableError",
    "RateLimitedError",
    "StoreUnavailableError"
  ],
  "PaymentError": [
    "DuplicatePaymentError",
    "IdempotencyKeyReusedError",
    "InvalidInputError",
    "NotCancellableError",
    "NotFoundError",
    "OutcomeUnknownError",
    "PaymentInProgressError",
    "ProviderRejectedError",
    "ProviderUnavailableError",
    "RateLimitedError",
    "StoreUnavailableError",
    ".*Error"
  ],
  "ReconciliationException": [
    "AmbiguousRowException",
    "AmountDiffersException",
    "ContradictingStatusException",
    "DuplicateRowException",
    "IdentityDiffersException",
    "MissingHereException",
    "MissingThereException",
    "StatusDiffersException",
    "UnreadableRowException",
    "UpdateMismatchException"
  ],
  "SendPaymentRequestResult": [
    "DuplicatePaymentError",
    "IdempotencyKeyReusedError",
    "InvalidInputError",
    "OutcomeUnknownError",
    "PaymentInProgressError",
    "ProviderRejectedError",
    "ProviderUnavailableError",
    "RateLimitedError",
    "SendPaymentRequestSuccess",
    "StoreUnavailableError"
  ]
};
