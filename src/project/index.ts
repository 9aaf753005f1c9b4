export { type BuildFailure, readBuildFailure } from './build-output.ts';
export {
  type BackendConfig,
  CONFIG_FILE,
  type LintException,
  type LintSeverity,
  type ProjectConfig,
  readProjectConfig,
} from './config.ts';
export { readDocument } from './document.ts';
export { findProject, PROJECT_FOLDER, type Project } from './find.ts';
export { LANGUAGES } from './languages/index.ts';
export type { Argv, Language, LanguageId } from './languages/language.ts';
export { projectTenant } from './tenant.ts';
