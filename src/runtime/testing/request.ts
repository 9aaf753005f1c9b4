import type { ExecuteRequest } from '../../contract/index.ts';

/** What an execution may be given beside action and params. */
export type RequestOptions = Partial<Omit<ExecuteRequest, 'actionId' | 'params' | 'engineClient'>>;

export const TEST_TENANT_ID = '00000000-0000-4000-8000-000000000000';

/** What an execution is given unless a test says otherwise. */
export const REQUEST_DEFAULTS = {
  executionId: 'test-execution',
  stepId: 'test-step',
  mode: 'GUIDED',
  tenantId: TEST_TENANT_ID,
} as const;

/** Params as engines send them: published agents look for the action in there. */
export function withAction(
  params: Readonly<Record<string, string>>,
  actionId: string,
): Record<string, string> {
  return { ...params, action: actionId };
}
