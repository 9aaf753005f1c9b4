export { checkGiven, completeAnswers, faultOf } from './answers.ts';
export { readAnswersFile } from './answers-file.ts';
export type { PackageManager } from './choices.ts';
export {
  type Argv,
  commandsOf,
  installSteps,
  likelyPackageManagers,
  OLDEST_PYTHON,
  type ProjectCommands,
  PYTHON_CHECK,
  PYTHONS,
} from './commands.ts';
export { sh as quoteForShell } from './escape.ts';
export { type FlushOptions, type FlushResult, flush } from './flush.ts';
export { packageVersion } from './generated/blueprints.ts';
export { resolveGoSdk } from './go-sdk.ts';
export { agentNameFromFolder, checkAgentName, deriveNames, type Names } from './names.ts';
export { createPlan, type Plan, type PlannedFile } from './plan.ts';
export type { AnswerContext, AnswerKey, Answers, GivenAnswers, Question } from './question.ts';
export { QUESTIONS } from './questions.ts';
export { inspectTarget, type Target } from './target.ts';
export { resolveToolkit } from './toolkit.ts';
export { isLooserThanSdk } from './values.ts';
