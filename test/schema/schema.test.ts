import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Kind, parse, visit } from 'graphql';
import type {
  EnumValueDefinitionNode,
  FieldDefinitionNode,
  InputValueDefinitionNode,
  TypeDefinitionNode,
} from 'graphql';

const document = parse(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

type Described = TypeDefinitionNode | EnumValueDefinitionNode | FieldDefinitionNode | InputValueDefinitionNode;

describe('the public graph', () => {
  it('describes every type, field, argument and enum value', () => {
    const undescribed: string[] = [];
    const check = ({ kind, name, description }: Described): void => {
      if (description === undefined && !['Query', 'Mutation', 'Subscription'].includes(name.value))
        undescribed.push(`${kind} ${name.value}`);
    };
    visit(document, {
      ScalarTypeDefinition: check,
      ObjectTypeDefinition: check,
      InterfaceTypeDefinition: check,
      UnionTypeDefinition: check,
      EnumTypeDefinition: check,
      EnumValueDefinition: check,
      InputObjectTypeDefinition: check,
      FieldDefinition: check,
      InputValueDefinition: check,
    });
    expect(undescribed).toEqual([]);
  });

  it('has every failure implement PaymentError', () => {
    const errors = document.definitions.filter(
      (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value.endsWith('Error'),
    );
    expect(errors.length).toBeGreaterThan(3);
    for (const error of errors)
      expect(error).toMatchObject({
        interfaces: [expect.objectContaining({ name: expect.objectContaining({ value: 'PaymentError' }) })],
      });
  });
});
