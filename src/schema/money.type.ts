import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { CURRENCIES, decimalText } from '../domain/money.js';
import type { Currency, Money as DomainMoney } from '../domain/money.js';
import { DecimalScalar } from './decimal.scalar.js';
import { enumOf } from './enum-of.js';
import { Shareable } from './directives.js';

export const CurrencyEnum = enumOf(CURRENCIES);

registerEnumType(CurrencyEnum, {
  name: 'Currency',
  description: 'Currencies that Flinks Pay collects.',
  valuesConfig: { CAD: { description: 'Canadian dollar.' } },
});

@Shareable()
@ObjectType({ description: 'An exact amount of money.' })
export class Money {
  @Field(() => DecimalScalar, { description: 'With two decimals, e.g. "250.00".' })
  value!: string;

  @Field(() => CurrencyEnum, { description: 'The currency of the value.' })
  currency!: Currency;

  static of(money: DomainMoney): Money {
    return Object.assign(new Money(), { value: decimalText(money.amountMinor), currency: money.currency });
  }
}
