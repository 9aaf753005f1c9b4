// What a subject tells of itself when the bench asks: CPU time, and the heap after a collection.

process.on('message', (question) => {
  if (question === 'heap') {
    // The second collection takes what the finalisers of the first have let go.
    globalThis.gc();
    globalThis.gc();
  }
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuUs: user + system, heapBytes: process.memoryUsage().heapUsed });
});
process.on('disconnect', () => process.exit(0));
