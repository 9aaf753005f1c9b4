// What no agent can start faster than: Node with nothing to load.
process.stdout.write('MIRASTACK_PLUGIN_PORT=1\n');
setInterval(() => undefined, 1_000);
