import { ObjectType } from 'type-graphql';
import { decimalText } from '../../domain/money.js';
import type { Currency, Money } from '../../domain/money.js';
import { DecimalScalar } from '../scalars/scalars.js';
import { Field, enumType, instance } from '../typegraphql.js';

/** The currencies as an enum. */
export const PaymentCurrencyEnum = enumType<Currency>({
  name: 'PaymentCurrency',
  description: 'Currencies that Flinks Pay collects, as ISO 4217 codes.',
  values: { CAD: 'Canadian dollar.' },
});

@ObjectType({ description: 'An exact amount of money.' })
export class PaymentAmount {
  @Field(() => DecimalScalar, 'The amount in the unit of the currency, always with two decimals, such as "250.00".')
  value!: string;
  @Field(() => PaymentCurrencyEnum, 'The currency of the amount.')
  currency!: Currency;

  /** Converts an amount of the domain. */
  static of({ amountMinor, currency }: Money): PaymentAmount {
    return instance(PaymentAmount, { value: decimalText(amountMinor), currency });
  }
}
