import { Field as TypeGraphQLField, registerEnumType } from 'type-graphql';
import type { FieldOptions } from 'type-graphql';

type FieldDecorator = ReturnType<typeof TypeGraphQLField>;

/** TypeGraphQL's decorator of a field, with the description that the schema requires of every field. */
export function Field(type: () => object, description: string, options: FieldOptions = {}): FieldDecorator {
  return TypeGraphQLField(type, { ...options, description });
}

/** A field that may be null. */
export function NullableField(type: () => object, description: string): FieldDecorator {
  return Field(type, description, { nullable: true });
}

interface EnumOptions<T extends string> {
  readonly name: string;
  readonly description: string;
  /** The description of each value, in the order of the schema. */
  readonly values: Readonly<Record<T, string>>;
}

/** Registers an enum, and returns it as TypeGraphQL needs it. */
export function enumType<T extends string>({ name, description, values }: EnumOptions<T>): { readonly [V in T]: V } {
  const texts = Object.entries<string>(values);
  const type = Object.fromEntries(texts.map(([value]) => [value, value])) as { readonly [V in T]: V };
  const valuesConfig = Object.fromEntries(texts.map(([value, text]) => [value, { description: text }]));
  registerEnumType<object>(type, { name, description, valuesConfig });
  return type;
}

/** Creates an instance of a GraphQL type. TypeGraphQL distinguishes the members of unions and interfaces by class. */
export function instance<T extends object>(type: new () => T, fields: { readonly [Field in keyof T]: T[Field] }): T {
  return Object.assign(new type(), fields);
}

/** Combines decorators of a property. */
export function allOf(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (target, property) => decorators.forEach((decorate) => decorate(target, property));
}
