import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { CURRENCIES, decimalText } from '../../domain/money.js';
import type { Currency, Money as DomainMoney } from '../../domain/money.js';
import { DecimalScalar } from '../scalars/decimal.scalar.js';
import { enumOf, instance } from '../typegraphql.js';

/** The currencies as an enum. */
export const PaymentCurrencyEnum = enumOf(CURRENCIES);

registerEnumType(PaymentCurrencyEnum, {
  name: 'PaymentCurrency',
  description: 'Currencies that Flinks Pay collects, as ISO 4217 codes.',
  valuesConfig: { CAD: { description: 'Canadian dollar.' } },
});

@ObjectType({ description: 'An exact amount of money.' })
export class PaymentAmount {
  @Field(() => DecimalScalar, {
    description: 'The amount in the unit of the currency, always with two decimals, such as "250.00".',
  })
  value!: string;

  @Field(() => PaymentCurrencyEnum, { description: 'The currency of the amount.' })
  currency!: Currency;

  /** Converts an amount of the domain. */
  static of(money: DomainMoney): PaymentAmount {
    return instance(PaymentAmount, { value: decimalText(money.amountMinor), currency: money.currency });
  }
}
