export const possibleTypes: Record<string, string[]> = {
  "CancelPaymentSessionResult": [
    "CancelPaymentSessionSuccess",
    "InvalidPaymentInputError",
    "PaymentNotCancellableError",
    "PaymentNotFoundError",
    "PaymentOutcomeUnknownError",
    "PaymentProviderUnavailableError",
    "PaymentServiceUnavailableError"
  ],
  "CreatePaymentSessionResult": [
    "CreatePaymentSessionSuccess",
    "DuplicatePaymentError",
    "IdempotencyKeyInUseError",
    "IdempotencyKeyReusedError",
    "InvalidPaymentInputError",
    "PaymentProviderUnavailableError",
    "PaymentRateLimitedError",
    "PaymentRejectedError",
    "PaymentServiceUnavailableError"
  ],
  "PaymentError": [
    "DuplicatePaymentError",
    "IdempotencyKeyInUseError",
    "IdempotencyKeyReusedError",
    "InvalidPaymentInputError",
    "PaymentNotCancellableError",
    "PaymentNotFoundError",
    "PaymentOutcomeUnknownError",
    "PaymentProviderUnavailableError",
    "PaymentRateLimitedError",
    "PaymentRejectedError",
    "PaymentServiceUnavailableError",
    ".*Error"
  ],
  "ReconciliationException": [
    "AmbiguousRowException",
    "AmountMismatchException",
    "ConflictingStatusException",
    "DuplicateRowException",
    "IdentityMismatchException",
    "InvalidRowException",
    "MissingInFileException",
    "MissingInGatewayException",
    "StatusMismatchException",
    "UpdateMismatchException"
  ],
  "SendPaymentRequestResult": [
    "DuplicatePaymentError",
    "IdempotencyKeyInUseError",
    "IdempotencyKeyReusedError",
    "InvalidPaymentInputError",
    "PaymentOutcomeUnknownError",
    "PaymentProviderUnavailableError",
    "PaymentRateLimitedError",
    "PaymentRejectedError",
    "PaymentServiceUnavailableError",
    "SendPaymentRequestSuccess"
  ]
};
