/** grpcurl, the command line client of gRPC: it knows a server by reflection alone, and reads descriptors strictly. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './tools.ts';

const VERSION = 'v1.9.4';

/** The program, built from its Go module; made once. */
export function prepareGrpcurl(go: string): string {
  const folder = join(CACHE, `grpcurl-${VERSION}`);
  const marker = join(folder, 'complete');
  if (!existsSync(marker)) {
    mkdirSync(folder, { recursive: true });
    execFileSync(go, ['install', `github.com/fullstorydev/grpcurl/cmd/grpcurl@${VERSION}`], {
      env: { ...process.env, GOBIN: folder },
      stdio: 'pipe',
    });
    writeFileSync(marker, VERSION);
  }
  return join(folder, 'grpcurl');
}

export interface GrpcurlRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs it against a server without TLS on this machine. */
export function runGrpcurl(
  program: string,
  address: string,
  args: readonly string[],
  options: readonly string[] = [],
): Promise<GrpcurlRun> {
  const all = ['-plaintext', '-max-time', '20', ...options, address, ...args];
  return new Promise((resolve) => {
    execFile(program, all, { encoding: 'utf8' }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
  });
}
