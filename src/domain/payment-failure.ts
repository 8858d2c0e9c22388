import type { PaymentSessionStatus } from './payment-status.js';

/** Languages of the messages for payers. */
export const PAYMENT_LANGUAGES = ['EN', 'FR'] as const;
/** Language of a message for payers. */
export type PaymentLanguage = (typeof PAYMENT_LANGUAGES)[number];

/** Why a payment was not completed, with messages for payers, and for the merchant's developers and operators. */
export const FAILURE_TEXTS = {
  NAME_MISMATCH: {
    EN: 'The name on this payment is not the name your bank has for you, so no money was taken. Ask for a new payment with your name as it stands on your bank account.',
    FR: "Le nom indiqué pour ce paiement n'est pas celui que votre banque a pour vous; aucun montant n'a été prélevé. Demandez un nouveau paiement avec votre nom tel qu'il figure à votre compte bancaire.",
    merchant:
      'The most frequent failure, and one you can prevent: ask for the first and last name as the bank has them, no nickname, initials or company, and show the name once more before you send it. A new payment needs a new idempotencyKey.',
  },
  DECLINED_BY_PAYER: {
    EN: 'You declined this payment at your bank, so no money was taken.',
    FR: "Vous avez refusé ce paiement auprès de votre banque; aucun montant n'a été prélevé.",
    merchant: 'The payer refused at the bank. Ask the payer before you create another payment.',
  },
  SIGN_IN_FAILED: {
    EN: 'The sign-in at your bank did not succeed, so no money was taken. You may try again with a new payment.',
    FR: "La connexion à votre banque n'a pas réussi; aucun montant n'a été prélevé. Vous pouvez réessayer avec un nouveau paiement.",
    merchant: 'The payer could not sign in at the bank. Offer a new payment.',
  },
  INSUFFICIENT_FUNDS: {
    EN: 'The balance of your account is too low for this payment, so no money was taken.',
    FR: "Le solde de votre compte est insuffisant pour ce paiement; aucun montant n'a été prélevé.",
    merchant: 'The balance of the account was too low. Offer another day, amount or way to pay.',
  },
  LIMIT_EXCEEDED: {
    EN: 'This payment is above the limit that your bank sets for you, so no money was taken.',
    FR: "Ce paiement dépasse la limite fixée par votre banque; aucun montant n'a été prélevé.",
    merchant: "The amount is above the sending limit of the payer's bank. Smaller payments on different days may pass.",
  },
  NOT_ELIGIBLE: {
    EN: 'Your account cannot be used for this payment, so no money was taken. Please choose another way to pay.',
    FR: "Votre compte ne peut pas servir à ce paiement; aucun montant n'a été prélevé. Veuillez choisir un autre mode de paiement.",
    merchant: 'Flinks does not offer this payment for the account. Offer another way to pay.',
  },
  EXPIRED: {
    EN: 'This payment was not completed in time, so no money was taken. Ask for a new one.',
    FR: "Ce paiement n'a pas été effectué à temps; aucun montant n'a été prélevé. Demandez-en un nouveau.",
    merchant: 'The payer did not act in time. Remind the payer sooner, or create a new payment.',
  },
  CANCELLED: {
    EN: 'This payment was cancelled, so no money was taken.',
    FR: "Ce paiement a été annulé; aucun montant n'a été prélevé.",
    merchant: 'Cancelled before it was paid, by you or at Flinks.',
  },
  OTHER: {
    EN: 'This payment did not succeed. Please ask the merchant before you try again.',
    FR: "Ce paiement n'a pas abouti. Veuillez communiquer avec le commerçant avant de réessayer.",
    merchant: 'Flinks gave no known reason; providerStatusDetails has its text. Contact Flinks with the referenceId.',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<PaymentLanguage | 'merchant', string>>>>;

/** One reason why a payment was not completed. */
export type PaymentFailureReason = keyof typeof FAILURE_TEXTS;
/** Every reason why a payment was not completed. */
export const PAYMENT_FAILURE_REASONS = Object.keys(FAILURE_TEXTS) as readonly PaymentFailureReason[];

const STATUS_REASONS: Readonly<Partial<Record<PaymentSessionStatus, PaymentFailureReason>>> = {
  EXPIRED: 'EXPIRED',
  CANCELLED: 'CANCELLED',
  DECLINED: 'DECLINED_BY_PAYER',
};

/**
 * Recognizes a failure in the details from Flinks; the first match counts. The codes are those of guaranteed EFT
 * (docs.flinks.com/api/pay/endpoints/geft/sessions-status). None are published for e-Transfer, so the texts are
 * [inferred].
 */
const DETAIL_REASONS: readonly (readonly [RegExp, PaymentFailureReason])[] = [
  [/\bEFT0401\b/i, 'SIGN_IN_FAILED'],
  [/\bEFT0402\b/i, 'NOT_ELIGIBLE'],
  [/\bEFT0403\b/i, 'NAME_MISMATCH'],
  [/\bEFT0404\b/i, 'INSUFFICIENT_FUNDS'],
  [/\bEFT0501\b/i, 'CANCELLED'],
  [/\bEFT0601\b/i, 'EXPIRED'],
  [
    /\bname.{0,20}(mis-?match|does not match|not match)|\b(mis-?match).{0,20}name|\bidentity.{0,20}mis-?match/i,
    'NAME_MISMATCH',
  ],
  [/\b(insufficient|not enough) (funds|balance)|\bbalance too low/i, 'INSUFFICIENT_FUNDS'],
  [/\blimit\b.{0,20}\b(exceeded|reached)|\b(exceeds|over)\b.{0,20}\blimit/i, 'LIMIT_EXCEEDED'],
  [
    /\b(log-?in|sign-?in|credentials|authentication)\b.{0,20}\b(failed|invalid|wrong)|\b(failed|invalid|wrong)\b.{0,20}\b(log-?in|sign-?in|credentials)/i,
    'SIGN_IN_FAILED',
  ],
  [/\b(not eligible|ineligible)\b/i, 'NOT_ELIGIBLE'],
  [/\bdeclined by (the )?(payer|customer|user)/i, 'DECLINED_BY_PAYER'],
];

/** Why a payment was not completed; undefined while it is open or paid. `details` is the status text from Flinks. */
export function failureReason(
  status: PaymentSessionStatus,
  details: string | undefined,
): PaymentFailureReason | undefined {
  if (status !== 'FAILED') return STATUS_REASONS[status];
  return DETAIL_REASONS.find(([pattern]) => details !== undefined && pattern.test(details))?.[1] ?? 'OTHER';
}
