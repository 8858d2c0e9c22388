// Checks the style of the schema and of the example operations. `npm run schema:check` runs it, and `eslint .` does not.
import { buildSubgraphSchema } from '@apollo/subgraph';
import plugin from '@graphql-eslint/eslint-plugin';
import { Linter } from 'eslint';
import { parse, printSchema } from 'graphql';

// Prefixes that keep our types apart from those of other subgraphs. Members of ReconciliationException end in Exception.
const PREFIXED_NAMES =
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
      // Composers report a hint when subgraphs describe root types differently.
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
      // A Filter selects the items of a list. Every other input type is an Input.
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
      selector: `:matches(${NAMED_TYPES.join(', ')})[name.value!=${PREFIXED_NAMES}]`,
      message: 'The type needs one of our prefixes, because another subgraph may have a type of this name.',
    },
  ],
  'graphql/no-scalar-result-type-on-mutation': 'error',
  'graphql/require-deprecation-reason': 'error',
};

/**
 * Rules about the whole schema. Those of Relay require the name PageInfo, so PaymentPageInfo is renamed for them.
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
 * The style problems, each with file, line and rule.
 * @param {string} sdl
 * @param {import('graphql').Source[]} documents
 * @returns {string[]}
 */
export function lint(sdl, documents) {
  const renamed = sdl.replaceAll('PaymentPageInfo', 'PageInfo');
  // The plugin builds subgraphs in a way that @apollo/subgraph no longer has, so it gets one that is already built.
  const schema = printSchema(buildSubgraphSchema(parse(renamed)));
  return [
    ...problemsOf({ name: 'schema.graphql', body: sdl }, schema, SCHEMA_RULES),
    ...problemsOf({ name: 'schema.graphql', body: renamed }, schema, WHOLE_SCHEMA_RULES),
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
