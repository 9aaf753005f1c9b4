// Preloaded: writes what the process used to the file that USAGE_FILE names: its highest resident memory in KiB, and its
// CPU time in µs.
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = { peakKib: maxRSS, cpuUs: userCPUTime + systemCPUTime };
  require('node:fs').writeFileSync(process.env.USAGE_FILE, JSON.stringify(usage));
});
