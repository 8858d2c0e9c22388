import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Source } from 'graphql';
import { validationErrors, readDocuments } from '../../scripts/schema/clients.mjs';
import { changesSince } from '../../scripts/schema/changes.mjs';
import { compositionProblems } from '../../scripts/schema/compose.mjs';
import { lint } from '../../scripts/schema/lint.mjs';
import { checkSchema } from '../../scripts/schema/checks.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
// The released schema contains the authorization directives, which schema.graphql omits.
const SDL = readFileSync(join(ROOT, 'schema.released.graphql'), 'utf8');

function changed(text: string | RegExp, by: string): string {
  const sdl = SDL.replace(text, by);
  if (sdl === SDL) throw new Error(`schema.released.graphql has no ${String(text)}`);
  return sdl;
}

function added(definition: string): string {
  return `${SDL}\n${definition}\n`;
}

it('checkSchema finds nothing in the current schema', async () => {
  const schemas = {
    generated: SDL,
    complete: SDL,
    committed: SDL,
    released: SDL,
    documents: readDocuments(),
    manifest: [],
  };
  expect(await checkSchema(schemas)).toMatchObject(Array(4).fill({ problems: [], notes: [] }));
});

describe('the composition check', () => {
  it('fails with every composer for a key that is not a field', () => {
    const problems = compositionProblems(changed('@key(fields: "id")', '@key(fields: "ident")')).join('\n');
    expect(problems).toContain('@apollo/composition: ');
    expect(problems).toContain('@theguild/federation-composition: ');
    expect(problems).toContain('@wundergraph/composition: ');
  });

  it('fails when another subgraph has a type of the same name', () => {
    expect(compositionProblems(added('type Order { id: ID! }')).join('\n')).toContain('Order.id');
  });

  it('fails for a hint of a composer', () => {
    expect(
      compositionProblems(changed(/id: ID! (?=@tag.*\n\n {2}"""\n {2}The id of the Flinks session)/, 'id: ID ')),
    ).toEqual([expect.stringContaining('@apollo/composition: Type of field "PaymentSession.id" is inconsistent')]);
  });
});

describe('a schema change since the release', () => {
  it.each([
    [
      'a field is removed',
      changed(/ *"""When the status last changed, UTC."""\n *updatedAt.*\n/, ''),
      "Field 'updatedAt' was removed from object type 'PaymentSession'",
    ],
    [
      'a field may be null',
      changed('status: PaymentSessionStatus! @tag', 'status: PaymentSessionStatus @tag'),
      "Field 'PaymentSession.status' changed type",
    ],
    [
      'a new input field is required',
      changed('  currency: PaymentCurrency! = CAD', '  currency: PaymentCurrency! = CAD\n  "New."\n  fee: Decimal!'),
      "Input field 'fee' of type 'Decimal!' was added to input object type 'PaymentAmountInput'",
    ],
    [
      'an enum value is removed',
      changed(/ *"""French."""\n *FR\n/, ''),
      "Enum value 'FR' was removed from enum 'PaymentLanguage'",
    ],
    [
      'an entity loses its key',
      changed(' @key(fields: "id")', ''),
      'PaymentSession lost @key(fields: "id"): other subgraphs refer to the type by its key',
    ],
    [
      'personal data becomes public',
      changed('name: String @tag(name: "backoffice")', 'name: String @tag(name: "public")'),
      'PaymentCustomer.name got @tag(name: "public"): contract variants select by tags',
    ],
    [
      'a field is no longer public',
      changed('referenceId: ID! @tag(name: "public")', 'referenceId: ID! @tag(name: "backoffice")'),
      'PaymentSession.referenceId lost @tag(name: "public")',
    ],
    [
      'a union is no longer public',
      changed('union SendPaymentRequestResult @tag(name: "public")', 'union SendPaymentRequestResult'),
      'SendPaymentRequestResult lost @tag(name: "public")',
    ],
    [
      'another scope is required',
      changed('[["payments:cancel"]]', '[["payments:admin"]]'),
      'Mutation.cancelPaymentSession got @requiresScopes(scopes: [["payments:admin"]]): it restricts who may use it',
    ],
    [
      'authentication is no longer required',
      changed(' @authenticated @tag', ' @tag'),
      'Query.validatePayment lost @authenticated: it restricts who may use it',
    ],
  ])('is breaking when %s', async (_description, sdl, message) => {
    const { breaking } = await changesSince(SDL, sdl);
    expect(breaking).toContainEqual(expect.stringContaining(message));
  });

  it('is reported but allowed when it is dangerous', async () => {
    const changes = await changesSince(SDL, changed('  FR\n', '  FR\n  "Spanish."\n  ES\n'));
    expect(changes).toEqual({ breaking: [], dangerous: ["Enum value 'ES' was added to enum 'PaymentLanguage'"] });
  });

  it.each([
    ['a field', changed('fundsGuaranteed: Boolean!', 'more: String @tag(name: "public")\n  fundsGuaranteed: Boolean!')],
    ['a key', changed('@key(fields: "id")', '@key(fields: "id") @key(fields: "flinksSessionId")')],
    [
      'tags in place of one for the whole type',
      changed(
        /type ReconciliationImportChanges @tag\(name: "backoffice"\)([^}]*)Int!([^}]*)Int!/,
        'type ReconciliationImportChanges$1Int! @tag(name: "backoffice")$2Int! @tag(name: "backoffice")',
      ),
    ],
    [
      'a scalar to the public contract',
      changed('scalar Date @tag(name: "backoffice")', 'scalar Date @tag(name: "public")'),
    ],
    ['another description', changed('"""The payer."""', '"""Who pays."""')],
  ])('is allowed to add %s', async (_description, sdl) => {
    expect(await changesSince(SDL, sdl)).toEqual({ breaking: [], dangerous: [] });
  });
});

describe('a known operation', () => {
  it('has to be valid against the schema', () => {
    const sdl = changed(/fundsGuaranteed/, 'isGuaranteed');
    expect(validationErrors(sdl, readDocuments())).toContainEqual(
      expect.stringMatching(
        /^examples\/operations\/payment-session-updated\.graphql:\d+: Cannot query field "fundsGuaranteed"/,
      ),
    );
  });

  it('has to be parsable', () => {
    expect(validationErrors(SDL, [new Source('query {\n  ', 'a.graphql')])).toEqual([
      'a.graphql:2: Syntax Error: Expected Name, found <EOF>.',
    ]);
  });

  it('has to be valid even if it is only in the manifest', async () => {
    const manifest = [new Source('query Old { payments { id } }', 'the manifest, Old')];
    const reports = await checkSchema({
      generated: SDL,
      complete: SDL,
      committed: SDL,
      released: SDL,
      documents: [],
      manifest,
    });
    expect(reports.flatMap(({ problems }) => problems)).toEqual([
      expect.stringContaining('the manifest, Old:1: Cannot query field "payments"'),
    ]);
  });
});

describe('the schema lint', () => {
  it.each([
    [
      'a type without a description',
      changed('"""An exact amount of money."""\n', ''),
      'Description is required for type "PaymentAmount"',
    ],
    [
      'a field without a description',
      changed('  """The currency of the amount."""\n', ''),
      'Description is required for field "currency" in type "PaymentAmount"',
    ],
    [
      'an argument without a description',
      changed('    """The language of the message."""\n', ''),
      'Description is required for input value "language" in field "payerMessage"',
    ],
    [
      'an enum value without a description',
      changed('  """French."""\n', ''),
      'Description is required for enum value "FR" in enum "PaymentLanguage"',
    ],
    [
      'an input field without a description',
      changed(
        '  """How the payer receives the link to the payment page."""\n  deliveryMethod: PaymentDeliveryMethod\n',
        '  deliveryMethod: PaymentDeliveryMethod\n',
      ),
      'Description is required for input value "deliveryMethod" in input "PaymentSessionFilter"',
    ],
    [
      'a type whose name another subgraph may use',
      changed(/\bReconciliationTotal\b/g, 'Total'),
      'The type needs one of our prefixes, because another subgraph may have a type of this name.',
    ],
    [
      'a type not in PascalCase',
      changed(/\bReconciliationTotal\b/g, 'Reconciliation_total'),
      'Type "Reconciliation_total" should be in PascalCase',
    ],
    [
      'a field not in camelCase',
      changed('lateUpdateCount: Int', 'late_news: Int'),
      'Field "late_news" should be in camelCase',
    ],
    [
      'an enum value not in UPPER_CASE',
      changed(/ {2}FR\n/, '  French\n'),
      'Enum value "French" should be in UPPER_CASE',
    ],
    [
      'an input without the suffix Input',
      changed(/\bPaymentAmountInput\b/g, 'PaymentAmountIn'),
      'Input "PaymentAmountIn" should have one of the following suffixes',
    ],
    [
      'a mutation whose argument is not named input',
      changed('input: CancelPaymentSessionInput!', 'payment: CancelPaymentSessionInput!'),
      'Input "payment" should be named "input" for "Mutation.cancelPaymentSession"',
    ],
    [
      'a mutation with the input type of another mutation',
      changed('input: SendPaymentRequestInput!', 'input: CancelPaymentSessionInput!'),
      'Input type `CancelPaymentSessionInput` name should be',
    ],
    [
      'a mutation without an input',
      changed(/cancelPaymentSession\([^)]*Input![^)]*\)\n? *\):/, 'cancelPaymentSession:'),
      'A mutation takes one argument',
    ],
    [
      'an unreachable type',
      added('"""Left over."""\ntype Leftover {\n  """Its id."""\n  id: ID!\n}'),
      'Object type `Leftover` is unreachable',
    ],
    [
      'a connection without pageInfo',
      changed(
        / {2}"""Where the page is in the list, and how to get the next one."""\n {2}pageInfo: PaymentPageInfo!\n/,
        '',
      ),
      'Connection type must contain a field `pageInfo`',
    ],
  ])('forbids %s', (_description, sdl, message) => {
    const problems = lint(sdl, []);
    expect(problems).toContainEqual(expect.stringContaining(message));
    for (const problem of problems) expect(problem).toMatch(/^schema\.graphql:\d+: .* \(.*\)$/);
  });

  it('forbids an operation without a name', () => {
    expect(lint(SDL, [new Source('query { paymentSession(id: 1) { id } }', 'a.graphql')])).toEqual([
      expect.stringContaining('a.graphql:1: Anonymous GraphQL operations are forbidden'),
    ]);
  });
});

describe('npm run schema:check', () => {
  const copy = mkdtempSync(join(tmpdir(), 'schema-check-'));
  afterAll(() => rmSync(copy, { recursive: true }));

  it('reports every problem of every step, and fails', () => {
    for (const part of ['package.json', 'scripts', 'test/schema/hostile-shop.graphql'])
      cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    mkdirSync(join(copy, 'examples/operations'), { recursive: true });
    for (const part of ['dist', 'node_modules']) symlinkSync(join(ROOT, part), join(copy, part));
    writeFileSync(join(copy, 'schema.graphql'), '');
    writeFileSync(join(copy, 'schema.released.graphql'), changed('fundsGuaranteed:', 'guaranteed:'));
    writeFileSync(
      join(copy, 'examples/operations/old.graphql'),
      'query old { paymentSession(id: "1") { guaranteed } }',
    );
    const { status, stdout } = spawnSync(process.execPath, ['scripts/schema/check.mjs'], {
      cwd: copy,
      encoding: 'utf8',
    });
    expect(stdout.split('\n').map((line) => line.trim())).toEqual([
      'ok     the schema composes as a subgraph with every composer',
      'FAILED the schema equals schema.graphql',
      'schema.graphql differs from the schema that the code generates.',
      'Run: npm run fix:schema',
      'FAILED the schema breaks neither the released schema nor a known operation',
      "Field 'guaranteed' was removed from object type 'PaymentSession'",
      expect.stringMatching(/^examples\/operations\/old\.graphql:1: Cannot query field "guaranteed"/),
      expect.stringContaining('npm run release:schema'),
      'FAILED the schema follows the style rules',
      'examples/operations/old.graphql:1: Query "old" should be in PascalCase format (graphql/naming-convention)',
      expect.stringContaining('npm run fix:schema'),
      '',
    ]);
    expect(status).toBe(1);
  });
});
