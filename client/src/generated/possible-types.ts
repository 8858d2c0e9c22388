export const possibleTypes: Record<string, string[]> = {
  "CancelPaymentSessionResult": [
    "CancelPaymentSessionSuccess",
    "NotCancellableError",
    "NotFoundError",
    "OutcomeUnknownError",
    "ProviderUnavailableError",
    "StoreUnavailableError"
  ],
  "CreatePaymentSessionResult": [
    "CreatePaymentSessionSuccess",
    "IdempotencyKeyReusedError",
    "InvalidInputError",
    "PaymentInProgressError",
    "ProviderRejectedError",
    "ProviderUnavailableError",
    "StoreUnavailableError"
  ],
  "PaymentError": [
    "IdempotencyKeyReusedError",
    "InvalidInputError",
    "NotCancellableError",
    "NotFoundError",
    "OutcomeUnknownError",
    "PaymentInProgressError",
    "ProviderRejectedError",
    "ProviderUnavailableError",
    "StoreUnavailableError",
    ".*Error"
  ],
  "ReconciliationException": [
    "AmbiguousRowException",
    "AmountDiffersException",
    "ContradictingStatusException",
    "DuplicateRowException",
    "MissingHereException",
    "MissingThereException",
    "StatusDiffersException",
    "UnreadableRowException"
  ],
  "SendPaymentRequestResult": [
    "IdempotencyKeyReusedError",
    "InvalidInputError",
    "OutcomeUnknownError",
    "PaymentInProgressError",
    "ProviderRejectedError",
    "ProviderUnavailableError",
    "SendPaymentRequestSuccess",
    "StoreUnavailableError"
  ]
};
