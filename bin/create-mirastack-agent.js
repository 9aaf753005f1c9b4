#!/usr/bin/env node
// Kept in syntax that old versions parse, so that they can say what is wrong.
var need = [20, 19];
var have = process.versions.node.split('.').map(Number);
if (have[0] < need[0] || (have[0] === need[0] && have[1] < need[1])) {
  process.stderr.write(
    'create-mirastack-agent needs Node.js ' +
      need.join('.') +
      ' or newer; this is ' +
      process.version +
      '.\n',
  );
  process.exit(4);
}
require('../dist/cli/create.cjs');
