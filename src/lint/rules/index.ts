import type { Rule } from '../types.ts';
import { actionDescription } from './action-description.ts';
import { actionId } from './action-id.ts';
import { actionName } from './action-name.ts';
import { actionsDeclared } from './actions-declared.ts';
import { agentExecutable } from './agent-executable.ts';
import { agentName } from './agent-name.ts';
import { agentStarts } from './agent-starts.ts';
import { agentVersion } from './agent-version.ts';
import { committedBinary } from './committed-binary.ts';
import { committedSecret } from './committed-secret.ts';
import { configKey } from './config-key.ts';
import { configParamDescribed } from './config-param-described.ts';
import { configUpdated } from './config-updated.ts';
import { descriptionDuplicate } from './description-duplicate.ts';
import { descriptionJargon } from './description-jargon.ts';
import { descriptionTooShort } from './description-too-short.ts';
import { descriptionWarning } from './description-warning.ts';
import { descriptionWhenToUse } from './description-when-to-use.ts';
import { dockerfilePinned } from './dockerfile-pinned.ts';
import { dockerfileSecret } from './dockerfile-secret.ts';
import { dockerfileUser } from './dockerfile-user.ts';
import { hardCodedCredential } from './hard-coded-credential.ts';
import { hardCodedPath } from './hard-coded-path.ts';
import { hardCodedUrl } from './hard-coded-url.ts';
import { healthCheck } from './health-check.ts';
import { healthCheckLive } from './health-check-live.ts';
import { intentOverlap } from './intent-overlap.ts';
import { intentPattern } from './intent-pattern.ts';
import { layoutFiles } from './layout-files.ts';
import { licensePresent } from './license-present.ts';
import { noEngineStore } from './no-engine-store.ts';
import { noLlm } from './no-llm.ts';
import { noOtherAgents } from './no-other-agents.ts';
import { noStateOnDisk } from './no-state-on-disk.ts';
import { paramDescribed } from './param-described.ts';
import { paramName } from './param-name.ts';
import { paramRequired } from './param-required.ts';
import { paramType } from './param-type.ts';
import { permissionExplicit } from './permission-explicit.ts';
import { permissionWidened } from './permission-widened.ts';
import { pluginDescription } from './plugin-description.ts';
import { pluginIdentity } from './plugin-identity.ts';
import { promptInCode } from './prompt-in-code.ts';
import { readmeActions } from './readme-actions.ts';
import { readmePurpose } from './readme-purpose.ts';
import { readmeVariables } from './readme-variables.ts';
import { routingSemantics } from './routing-semantics.ts';
import { schemaMatchesInfo } from './schema-matches-info.ts';
import { sdkActionId } from './sdk-action-id.ts';
import { sdkCacheTtl } from './sdk-cache-ttl.ts';
import { sdkEngineClient } from './sdk-engine-client.ts';
import { sdkFieldRule } from './sdk-field.ts';
import { sdkGoVersion } from './sdk-go-version.ts';
import { sdkImport } from './sdk-import.ts';
import { sdkLogsOnly } from './sdk-logs-only.ts';
import { sdkMethod } from './sdk-method.ts';
import { sdkPackage } from './sdk-package.ts';
import { sdkServeResult } from './sdk-serve-result.ts';
import { sdkValue } from './sdk-value.ts';
import { stagesDeclared } from './stages-declared.ts';
import { syntax } from './syntax.ts';
import { templateIdentity } from './template-identity.ts';
import { templateName } from './template-name.ts';
import { templateSize } from './template-size.ts';
import { templateSyntax } from './template-syntax.ts';
import { templatesLoaded } from './templates-loaded.ts';
import { timeConverter } from './time-converter.ts';
import { timeParsing } from './time-parsing.ts';
import { timeRangeUsed } from './time-range-used.ts';
import { versionBump } from './version-bump.ts';

/** Every rule, in the order of the rules page. */
export const RULES: readonly Rule[] = [
  syntax,
  pluginIdentity,
  pluginDescription,
  permissionExplicit,
  stagesDeclared,
  actionsDeclared,
  actionId,
  actionDescription,
  routingSemantics,
  configParamDescribed,
  schemaMatchesInfo,
  agentName,
  agentVersion,
  actionName,
  paramName,
  paramType,
  paramDescribed,
  paramRequired,
  configKey,
  descriptionTooShort,
  descriptionJargon,
  descriptionWhenToUse,
  descriptionDuplicate,
  descriptionWarning,
  timeRangeUsed,
  timeParsing,
  timeConverter,
  healthCheck,
  healthCheckLive,
  configUpdated,
  hardCodedUrl,
  hardCodedCredential,
  hardCodedPath,
  promptInCode,
  templatesLoaded,
  licensePresent,
  readmePurpose,
  readmeVariables,
  readmeActions,
  templateSyntax,
  templateSize,
  templateIdentity,
  templateName,
  noEngineStore,
  noLlm,
  noStateOnDisk,
  noOtherAgents,
  sdkFieldRule,
  sdkValue,
  sdkMethod,
  sdkImport,
  sdkPackage,
  sdkActionId,
  sdkLogsOnly,
  sdkServeResult,
  sdkEngineClient,
  sdkCacheTtl,
  sdkGoVersion,
  agentStarts,
  agentExecutable,
  layoutFiles,
  dockerfileUser,
  dockerfilePinned,
  dockerfileSecret,
  intentPattern,
  intentOverlap,
  committedBinary,
  committedSecret,
  versionBump,
  permissionWidened,
];
