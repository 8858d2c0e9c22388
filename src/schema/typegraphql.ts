import { registerEnumType } from 'type-graphql';

/** Registers an enum with a description of each value, in the order given, and returns it as TypeGraphQL needs it. */
export function enumType<T extends string>(options: {
  readonly name: string;
  readonly description: string;
  readonly values: Readonly<Record<T, string>>;
}): { readonly [value in T]: value } {
  const { name, description, values } = options;
  const names = Object.keys(values) as T[];
  const type = Object.fromEntries(names.map((value) => [value, value])) as { readonly [value in T]: value };
  const valuesConfig = Object.fromEntries(names.map((value) => [value, { description: values[value] }]));
  registerEnumType(type, { name, description, valuesConfig: valuesConfig as Record<T, { description: string }> });
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
