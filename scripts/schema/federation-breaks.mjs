// Breaking changes of what is said to composition, which GraphQL Inspector takes for remarks.
import { Kind, print } from 'graphql';
import { isOfGraphQL } from './api-schema.mjs';

/** @typedef {import('graphql').ConstDirectiveNode} Directive */

const REASONS = new Map([
  ['key', 'other subgraphs refer to it by its key'],
  ['shareable', 'other subgraphs may have it as well'],
  ['tag', 'contracts show what has their tag'],
  ['authenticated', 'it says who may ask'],
  ['requiresScopes', 'it says who may ask'],
]);
const HARMLESS_TO_ADD = ['key', 'shareable'];
const HOLD_FOR_FIELDS = ['shareable', 'tag'];

/**
 * Where directives of federation came or went. What is gone altogether is left out.
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

/** By schema coordinate, of types and their fields. */
function directivesIn(/** @type {import('graphql').DocumentNode} */ { definitions }) {
  /** @type {Map<string, Directive[]>} */
  const all = new Map();
  for (const definition of definitions) {
    if (!('name' in definition) || definition.name === undefined) continue;
    const { name, kind, directives = [] } = /** @type {import('graphql').TypeDefinitionNode} */ (definition);
    const own = directives.filter((directive) => !isOfGraphQL(directive));
    // The tags of other types follow from the fields that use them.
    const ofType = own.filter((directive) => kind === Kind.UNION_TYPE_DEFINITION || !holdsForFields(directive));
    all.set(name.value, ofType);
    for (const field of fieldsOf(definition))
      all.set(`${name.value}.${field.name.value}`, [
        ...own.filter(holdsForFields),
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

function holdsForFields(/** @type {Directive} */ { name }) {
  return HOLD_FOR_FIELDS.includes(name.value);
}

/** Those of `some` that `others` have not. */
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
