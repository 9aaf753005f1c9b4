// What no gRPC server on Node can start faster than: Node's own HTTP/2 server.
const http2 = require('node:http2');

const server = http2.createServer();
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`MIRASTACK_PLUGIN_PORT=${server.address().port}\n`);
});
