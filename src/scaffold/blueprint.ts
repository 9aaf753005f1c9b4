/** A project kind in one language, as the build step embeds it (scripts/build-blueprints.mjs). */
export interface Blueprint {
  readonly language: string;
  readonly kind: string;
  /** One line for people. */
  readonly title: string;
  /** Permissions an agent of this kind can be made with. */
  readonly permissions: readonly string[];
  /** Backends an agent of this kind can be made with. */
  readonly backends: readonly string[];
  /** The variables its templates and paths use; the build step keeps this list true. */
  readonly variables: readonly string[];
  readonly files: readonly BlueprintFile[];
}

/** One file of a blueprint; `path` may hold variables, as in `templates/{agentName}_guide.tmpl`. */
export type BlueprintFile =
  | { readonly type: 'text'; readonly path: string; readonly mode: number; readonly text: string }
  | { readonly type: 'binary'; readonly path: string; readonly mode: number; readonly base64: string }
  | { readonly type: 'template'; readonly path: string; readonly mode: number; readonly spec: unknown };
