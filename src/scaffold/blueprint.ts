import type { Condition } from './condition.ts';
import type { TemplatePart } from './template.ts';

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
  /** The values its templates and paths use; the build step keeps this list true. */
  readonly variables: readonly string[];
  readonly files: readonly BlueprintFile[];
}

interface StoredFile {
  /** May hold values, as in `templates/{agentName}_guide.tmpl`. */
  readonly path: string;
  readonly mode: number;
  /** The project has the file only when all of these hold. */
  readonly when?: readonly Condition[];
}

/** One file of a blueprint. */
export type BlueprintFile =
  | (StoredFile & { readonly type: 'text'; readonly text: string })
  | (StoredFile & { readonly type: 'binary'; readonly base64: string })
  | (StoredFile & { readonly type: 'template'; readonly parts: readonly TemplatePart[] });
