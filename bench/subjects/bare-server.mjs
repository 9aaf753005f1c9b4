// The base of the benches: a grpc-js server that parses and prints the JSON of Execute and does nothing else.
import * as grpc from '@grpc/grpc-js';

import { resultOf } from './result.mjs';

if (process.send) await import('./usage.mjs');

const passThrough = (body) => body;
const server = new grpc.Server();
server.addService(
  {
    Execute: {
      path: '/mirastack.plugin.v1.PluginService/Execute',
      requestStream: false,
      responseStream: false,
      requestSerialize: passThrough,
      requestDeserialize: passThrough,
      responseSerialize: passThrough,
      responseDeserialize: passThrough,
    },
  },
  {
    Execute: (call, callback) => {
      const request = JSON.parse(call.request.toString('utf8'));
      const params = JSON.parse(Buffer.from(request.params_json, 'base64').toString('utf8'));
      const result = Buffer.from(JSON.stringify(resultOf(Number(params.size))), 'utf8');
      const reply = { success: true, result_json: result.toString('base64'), error: '', duration_ms: 0 };
      callback(null, Buffer.from(JSON.stringify(reply), 'utf8'));
    },
  },
);
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`MIRASTACK_PLUGIN_PORT=${port}\n`);
});
