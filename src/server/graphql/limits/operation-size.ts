import { Kind } from 'graphql';
import type { FragmentDefinitionNode, SelectionNode, SelectionSetNode } from 'graphql';

/** How large an operation is. Fragments count each time that they are spread. */
interface OperationSize {
  /** Levels of nested selections. A spread is a level, too. */
  readonly levels: number;
  readonly aliases: number;
}

const NOTHING: OperationSize = { levels: 0, aliases: 0 };

/**
 * Measures the operations of a document, valid or not. Each fragment is measured once, so fragments that double cost no
 * more than their text.
 */
export class OperationSizes {
  /** Undefined for a fragment that does not exist or that contains itself, both of which validation reports. */
  readonly #fragments = new Map<string, OperationSize | undefined>();

  constructor(private readonly getFragment: (name: string) => FragmentDefinitionNode | null | undefined) {}

  /** The size of an operation, or of anything else that may have a selection. */
  of({ selectionSet }: { readonly selectionSet?: SelectionSetNode | undefined }): OperationSize {
    if (selectionSet === undefined) return NOTHING;
    const sizes = selectionSet.selections.map((selection) => this.#ofSelection(selection));
    return {
      levels: 1 + Math.max(...sizes.map(({ levels }) => levels)),
      aliases: sizes.reduce((sum, { aliases }) => sum + aliases, 0),
    };
  }

  #ofSelection(selection: SelectionNode): OperationSize {
    if (selection.kind === Kind.INLINE_FRAGMENT) return this.of(selection);
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const size = this.#ofFragment(selection.name.value);
      return size === undefined ? NOTHING : { ...size, levels: 1 + size.levels };
    }
    const { levels, aliases } = this.of(selection);
    return {
      // Not even a level of its own: graphql-js has a rule for the depth of introspection.
      levels: selection.name.value === '__schema' ? -1 : levels,
      aliases: selection.alias === undefined ? aliases : 1 + aliases,
    };
  }

  #ofFragment(name: string): OperationSize | undefined {
    if (this.#fragments.has(name)) return this.#fragments.get(name);
    this.#fragments.set(name, undefined);
    const fragment = this.getFragment(name);
    if (fragment) this.#fragments.set(name, this.of(fragment));
    return this.#fragments.get(name);
  }
}
