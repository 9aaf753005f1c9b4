export type { AgentOptions, LaunchedAgent } from './agent.ts';
export { describeExit, LaunchError, type ProcessExit } from './launch-error.ts';
export { createLauncher, type Launcher } from './launcher.ts';
export type { OutputStream, SpawnOptions, StopOptions } from './process-group.ts';
export { fillPort, type LaunchedService, type ServiceOptions } from './service.ts';
export type { ToolOptions, ToolResult } from './tool.ts';
