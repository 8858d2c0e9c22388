// The style of the schema and of the example operations. It is not a part of `eslint .`, but of the checks of the schema.
import plugin from '@graphql-eslint/eslint-plugin';
import { Linter } from 'eslint';

// Root types and scalars are shared by all subgraphs. Members of ReconciliationException end in Exception.
const OUR_NAMES =
  '/^(Query|Mutation|Subscription|(Payment|(Create|Send|Cancel|Validate|Invalid|Duplicate)Payment|IdempotencyKey|Reconciliation).*|.*Exception)$/';
const NAMED_TYPES = ['Object', 'Interface', 'Union', 'Enum', 'InputObject'].map((kind) => `${kind}TypeDefinition`);

/** @type {import('eslint').Linter.RulesRecord} */
const SCHEMA_RULES = {
  'graphql/require-description': [
    'error',
    {
      types: true,
      FieldDefinition: true,
      InputValueDefinition: true,
      EnumValueDefinition: true,
      DirectiveDefinition: true,
      // Composers hint at root types that subgraphs describe differently.
      ignoredSelectors: ['[type=ObjectTypeDefinition][name.value=/^(Query|Mutation|Subscription)$/]'],
    },
  ],
  'graphql/description-style': 'error',
  'graphql/no-hashtag-description': 'error',
  'graphql/naming-convention': [
    'error',
    {
      types: 'PascalCase',
      FieldDefinition: 'camelCase',
      InputValueDefinition: 'camelCase',
      DirectiveDefinition: 'camelCase',
      EnumValueDefinition: 'UPPER_CASE',
      // Filter: what a list is narrowed down by. Input: everything else.
      InputObjectTypeDefinition: { style: 'PascalCase', requiredSuffixes: ['Input', 'Filter'] },
    },
  ],
  'graphql/no-typename-prefix': 'error',
  'graphql/input-name': ['error', { checkInputType: true, caseSensitiveInputType: false }],
  'no-restricted-syntax': [
    'error',
    {
      selector: 'ObjectTypeDefinition[name.value=Mutation] > FieldDefinition[arguments.length!=1]',
      message: 'A mutation takes one argument, `input`.',
    },
    {
      selector: `:matches(${NAMED_TYPES.join(', ')})[name.value!=${OUR_NAMES}]`,
      message: 'A type needs one of our prefixes: another subgraph of the graph may have a type of this name.',
    },
  ],
  'graphql/no-scalar-result-type-on-mutation': 'error',
  'graphql/require-deprecation-reason': 'error',
};

/**
 * Rules that look at the schema as a whole. Relay's know the type of a page's position as PageInfo only, so it has that name for
 * these.
 * @type {import('eslint').Linter.RulesRecord}
 */
const WHOLE_SCHEMA_RULES = {
  'graphql/no-unreachable-types': 'error',
  'graphql/relay-arguments': ['error', { includeBoth: false }],
  'graphql/relay-connection-types': 'error',
  'graphql/relay-edge-types': ['error', { shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
  'graphql/relay-page-info': 'error',
};

/** @type {import('eslint').Linter.RulesRecord} */
const OPERATION_RULES = {
  'graphql/no-anonymous-operations': 'error',
  'graphql/naming-convention': [
    'error',
    { OperationDefinition: 'PascalCase', FragmentDefinition: 'PascalCase', VariableDefinition: 'camelCase' },
  ],
};

/**
 * What is wrong with the style, each with file, line and rule.
 * @param {string} sdl
 * @param {import('graphql').Source[]} documents
 * @returns {string[]}
 */
export function lint(sdl, documents) {
  const schema = sdl.replaceAll('PaymentPageInfo', 'PageInfo');
  return [
    ...problemsOf({ name: 'schema.graphql', body: sdl }, schema, SCHEMA_RULES),
    ...problemsOf({ name: 'schema.graphql', body: schema }, schema, WHOLE_SCHEMA_RULES),
    ...documents.flatMap((document) => problemsOf(document, schema, OPERATION_RULES)),
  ];
}

/**
 * @param {{ name: string, body: string }} file
 * @param {string} schema
 * @param {import('eslint').Linter.RulesRecord} rules
 */
function problemsOf({ name, body }, schema, rules) {
  const config = {
    files: ['**/*.graphql'],
    plugins: { graphql: plugin },
    languageOptions: { parser: plugin.parser, parserOptions: { graphQLConfig: { schema } } },
    rules,
  };
  const messages = new Linter().verify(body, [config], { filename: name });
  return messages.map(
    ({ line, message, ruleId }) => `${name}:${line}: ${message}${ruleId === null ? '' : ` (${ruleId})`}`,
  );
}
