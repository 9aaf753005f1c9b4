export {
  type AnswerContext,
  type AnswerKey,
  type Answers,
  completeAnswers,
  QUESTIONS,
  type Question,
} from './answers.ts';
export { type FlushOptions, type FlushResult, flush } from './flush.ts';
export { agentNameFromFolder, checkAgentName, deriveNames, type Names } from './names.ts';
export { createPlan, type Plan, type PlannedFile, readPackageVersion } from './plan.ts';
export { inspectTarget, type Target } from './target.ts';
export { resolveToolkit } from './toolkit.ts';
