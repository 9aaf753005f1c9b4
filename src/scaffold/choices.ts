/** The languages an agent can be written in. */
export const PROJECT_LANGUAGES = ['typescript', 'go', 'python'] as const;
/** A language an agent can be written in. */
export type ProjectLanguage = (typeof PROJECT_LANGUAGES)[number];

/** What an agent of a project may do, as the wire spells it. */
export const AGENT_PERMISSIONS = ['READ', 'MODIFY', 'ADMIN'] as const;
/** What an agent of a project may do: MODIFY adds an action that changes, ADMIN one more that deletes. */
export type AgentPermission = (typeof AGENT_PERMISSIONS)[number];

/** How the agent reaches the system it talks to; `none` computes by itself. */
export const BACKENDS = ['http', 'grpc', 'none'] as const;
/** How the agent reaches the system it talks to. */
export type Backend = (typeof BACKENDS)[number];

/** The names of src/runtime/datetime/backend-family.ts, which a project cannot import without its gRPC. */
export const FAMILIES = ['metrics', 'logs', 'traces-jaeger', 'traces-victoria', 'other'] as const;
/** A family of backends, as far as its idea of time goes. */
export type Family = (typeof FAMILIES)[number];

/** Who installs a project and runs its scripts. */
export const PACKAGE_MANAGERS = ['npm', 'pnpm', 'yarn', 'bun', 'uv', 'pip', 'go'] as const;
/** Who installs a project and runs its scripts. */
export type PackageManager = (typeof PACKAGE_MANAGERS)[number];

/** The package managers of each language; the first is the default. */
export const MANAGERS_OF: Readonly<Record<ProjectLanguage, readonly [PackageManager, ...PackageManager[]]>> =
  {
    typescript: ['npm', 'pnpm', 'yarn', 'bun'],
    go: ['go'],
    python: ['pip', 'uv'],
  };

/** A licence a project can have. */
export interface License {
  /** As the flag says it. */
  readonly word: string;
  /** As SPDX says it; what is recorded. */
  readonly id: string;
  readonly name: string;
}

/** In the order they are offered. The platform asks for AGPL in open source, proprietary in enterprises. */
export const LICENSES = [
  { word: 'agpl-3.0', id: 'AGPL-3.0-only', name: 'GNU Affero General Public License v3.0 only' },
  { word: 'proprietary', id: 'LicenseRef-Proprietary', name: 'Proprietary' },
  { word: 'apache-2.0', id: 'Apache-2.0', name: 'Apache License 2.0' },
  { word: 'mit', id: 'MIT', name: 'MIT License' },
] as const satisfies readonly License[];
/** The SPDX id of a licence a project can have. */
export type LicenseId = (typeof LICENSES)[number]['id'];
