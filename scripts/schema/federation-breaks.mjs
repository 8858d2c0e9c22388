// Finds breaking changes of federation directives, which GraphQL Inspector does not rate as breaking.
import { Kind, print } from 'graphql';
import { isOfGraphQL } from './api-schema.mjs';

/** @typedef {import('graphql').ConstDirectiveNode} Directive */

const REASONS = new Map([
  ['key', 'other subgraphs refer to the type by its key'],
  ['shareable', 'other subgraphs may define it too'],
  ['tag', 'contract variants select by tags'],
  ['authenticated', 'it restricts who may use it'],
  ['requiresScopes', 'it restricts who may use it'],
]);
const HARMLESS_TO_ADD = ['key', 'shareable'];
const APPLY_TO_FIELDS = ['shareable', 'tag'];

/**
 * The federation directives that types and fields lost or got. Types and fields that were removed are left out.
 * @param {import('graphql').DocumentNode} released
 * @param {import('graphql').DocumentNode} present
 * @returns {string[]}
 */
export function federationBreaks(released, present) {
  const now = directivesIn(present);
  return [...directivesIn(released)].flatMap(([coordinate, before]) => {
    const after = now.get(coordinate) ?? before;
    const added = missing(after, before).filter(({ name }) => !HARMLESS_TO_ADD.includes(name.value));
    return [
      ...missing(before, after).map((directive) => change(coordinate, 'lost', directive)),
      ...added.map((directive) => change(coordinate, 'got', directive)),
    ];
  });
}

/** The federation directives of types and fields, by schema coordinate. */
function directivesIn(/** @type {import('graphql').DocumentNode} */ { definitions }) {
  /** @type {Map<string, Directive[]>} */
  const all = new Map();
  for (const definition of definitions) {
    if (!('name' in definition) || definition.name === undefined) continue;
    const { name, kind, directives = [] } = /** @type {import('graphql').TypeDefinitionNode} */ (definition);
    const own = directives.filter((directive) => !isOfGraphQL(directive));
    // A tag on an object or interface type is compared on each of its fields. Other types are visible wherever a visible field uses them.
    const ofType = own.filter((directive) => kind === Kind.UNION_TYPE_DEFINITION || !appliesToFields(directive));
    all.set(name.value, ofType);
    for (const field of fieldsOf(definition))
      all.set(`${name.value}.${field.name.value}`, [
        ...own.filter(appliesToFields),
        ...(field.directives ?? []).filter((directive) => !isOfGraphQL(directive)),
      ]);
  }
  return all;
}

function fieldsOf(/** @type {import('graphql').DefinitionNode} */ definition) {
  const hasFields =
    definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION;
  return hasFields ? (definition.fields ?? []) : [];
}

function appliesToFields(/** @type {Directive} */ { name }) {
  return APPLY_TO_FIELDS.includes(name.value);
}

/** The directives of `some` that `others` lack. */
function missing(/** @type {Directive[]} */ some, /** @type {Directive[]} */ others) {
  const printed = others.map((directive) => print(directive));
  return some.filter((directive) => !printed.includes(print(directive)));
}

function change(
  /** @type {string} */ coordinate,
  /** @type {'lost' | 'got'} */ verb,
  /** @type {Directive} */ directive,
) {
  const reason = REASONS.get(directive.name.value);
  return `${coordinate} ${verb} ${print(directive)}${reason === undefined ? '' : `: ${reason}`}`;
}
