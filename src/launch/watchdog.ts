import { execa } from 'execa';
import { UserError } from '../support/errors.ts';
import { MARKER_VARIABLE } from './process-table.ts';

/**
 * What the watchdog runs. It reads lines from us: `session <id>`, `add <group>`, `drop <group>`, `done`.
 * When the pipe closes without `done` we have died, in whatever way, and it kills the groups at once: there
 * is nobody left to whom a graceful end would matter. What left its group is found by its environment, again
 * and again until nothing is found, because a process may fork while others are being killed.
 */
const SCRIPT = `
trap '' HUP INT TERM
echo ready
exec >/dev/null 2>&1
session= groups=' '
while read -r word id; do
  case $word in
    session) session=$id ;;
    add) groups="$groups$id " ;;
    drop) case $groups in *" $id "*) groups="\${groups%% $id *} \${groups#* $id }" ;; esac ;;
    done) exit 0 ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
[ -n "$session" ] && [ -r /proc/self/environ ] || exit 0
round=0
while [ $round -lt 50 ]; do
  found=
  for file in $(grep -l -F "${MARKER_VARIABLE}=$session." /proc/[0-9]*/environ); do
    pid=\${file#/proc/}
    kill -s KILL "\${pid%/environ}" && found=1
  done
  [ -n "$found" ] || exit 0
  round=$((round + 1))
done
`;

/** A process of its own that outlives us just long enough to end what we started. */
export interface Watchdog {
  /** Names a process group that must not outlive us. */
  add(groupId: number): void;
  /** The group has ended, and its number may soon be somebody else's. */
  drop(groupId: number): void;
  /** Lets the watchdog end without killing anything. */
  close(): Promise<void>;
}

/**
 * Starts the watchdog and waits until no signal of a terminal can end it any more.
 * A shell, because it is up in a few milliseconds and holds little memory all the time a session lasts.
 */
export async function startWatchdog(sessionId: string): Promise<Watchdog> {
  const child = execa('/bin/sh', ['-c', SCRIPT], {
    // A session of its own: closing the terminal or Ctrl-C must not reach it before it has done its work.
    detached: true,
    cwd: '/',
    // Not our environment: it needs none of it, and it may not carry the marker that it kills by.
    env: { PATH: `/usr/bin:/bin:${process.env.PATH ?? ''}` },
    extendEnv: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'ignore',
    buffer: false,
    reject: false,
    cleanup: false,
  });
  // Writing to a watchdog that somebody killed must not end us; `exited` is where its end is noticed.
  child.stdin.on('error', () => {});
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const ready = new Promise<boolean>((resolve) => {
    child.stdout.once('data', () => resolve(true));
    void child.then(() => resolve(false));
  });
  if (!(await ready))
    throw new UserError({
      kind: 'tool-missing',
      code: 'tool-missing',
      message: '/bin/sh could not be started, and without it no process can be guarded.',
    });
  const send = (line: string) => void child.stdin.write(`${line}\n`);
  send(`session ${sessionId}`);
  // A program that forgot to close us may still end; the pipe closes with it, and the groups go too.
  child.unref();
  return {
    add: (groupId) => send(`add ${groupId}`),
    drop: (groupId) => send(`drop ${groupId}`),
    async close() {
      child.ref();
      send('done');
      child.stdin.end();
      await exited;
    },
  };
}
