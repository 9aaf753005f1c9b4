export { type CallOptions, createClient, type EngineConnection, type WireClient } from './client.ts';
export { modeCodec, PLUGIN_TYPE_AGENT, permissionCodec, stageCodec } from './enums.ts';
export type {
  BlastRadius as BlastRadiusMessage,
  ExecuteRequest as ExecuteRequestMessage,
  ExecuteResponse as ExecuteResponseMessage,
  LicenseContext,
  RegisterPluginRequest,
  RegisterPluginResponse,
} from './generated/messages.ts';
export { decodeJson, encodeJson } from './json-codec.ts';
export { longInteger, parseJsonText, parseMarkedJson, stringifyExact } from './json-text.ts';
export { kpiFromMessage, kpiToMessage } from './kpi-mapping.ts';
export type { PeerLanguage } from './peer.ts';
export {
  actionsFromMessage,
  actionsToMessage,
  infoFromMessage,
  infoToMessage,
  timeRangeFromMessage,
  timeRangeToMessage,
} from './plugin-mapping.ts';
export { createServer, type WireServer } from './server.ts';
export type { CallContext, ServiceHandlers } from './service.ts';
export { STATUS, WireError } from './status.ts';
