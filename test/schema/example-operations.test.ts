import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Kind, getVariableValues, parse, validate } from 'graphql';
import { createStubbedSchema } from '../support/stubbed-schema.js';

const FOLDER = new URL('../../examples/operations/', import.meta.url);
const names = readdirSync(FOLDER).flatMap((file) => /^(.+)\.graphql$/.exec(file)?.[1] ?? []);

const { schema } = await createStubbedSchema(() => Promise.reject(new Error('nothing is executed')));

describe('the example operation', () => {
  it.each(names)('%s is valid against the schema, and so are its example variables', (name) => {
    const document = parse(readFileSync(new URL(`${name}.graphql`, FOLDER), 'utf8'));
    const variables = JSON.parse(readFileSync(new URL(`${name}.variables.json`, FOLDER), 'utf8')) as object;
    expect(validate(schema, document)).toEqual([]);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the first definition is the operation');
    const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], { ...variables });
    expect(errors).toBeUndefined();
    const declared = operation.variableDefinitions?.map(({ variable }) => variable.name.value);
    expect(declared).toEqual(expect.arrayContaining(Object.keys(variables)));
  });
});
