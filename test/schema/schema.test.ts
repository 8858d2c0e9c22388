import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Kind, parse } from 'graphql';

const document = parse(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

describe('the committed schema', () => {
  it('has only error types that implement PaymentError', () => {
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
