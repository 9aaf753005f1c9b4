import { unwatchFile, watchFile } from 'node:fs';
import { type Engine, type EngineOptions, parseKpis, parseLicense, parsePolicy } from '../engine/index.ts';
import { readDocument } from '../project/index.ts';
import { messageOf } from '../support/errors.ts';
import type { Channel } from '../terminal/index.ts';

/** The flags that name files which script an engine. */
export interface EngineFileFlags {
  /** Who decides requests for approval. */
  readonly policy?: string;
  readonly kpis?: string;
  readonly license?: string;
}

const POLL_MS = 500;

/** One file that scripts an engine: how it is read, and where its content goes. */
interface Script<Content> {
  readonly path: string | undefined;
  readonly read: (document: unknown) => Content;
  readonly apply: (engine: Engine, content: Content) => void;
}

async function load<Content>({ path, read }: Script<Content>): Promise<Content | undefined> {
  return path === undefined ? undefined : read(await readDocument(path));
}

/** Reads the file again whenever it changes; a faulty one changes nothing and says so. */
function follow<Content>(script: Script<Content>, engine: Engine, talk: Channel): () => void {
  const { path } = script;
  if (path === undefined) return () => undefined;
  const look = () => {
    load(script).then(
      (content) => {
        script.apply(engine, content as Content);
        talk.line(`Read ${path} again.`);
      },
      (error: unknown) => talk.line(talk.theme.warn(`${messageOf(error)} What it said before still holds.`)),
    );
  };
  watchFile(path, { interval: POLL_MS, persistent: false }, look);
  return () => unwatchFile(path, look);
}

/**
 * Reads the files that script an engine.
 * @throws UserError that names the file's fault
 */
export async function readEngineFiles(
  flags: EngineFileFlags,
  tenantId: string,
): Promise<{
  readonly options: Pick<EngineOptions, 'policy' | 'kpis' | 'license'>;
  /** Keeps the engine up to date with the files until the returned function is called. */
  readonly follow: (engine: Engine, talk: Channel) => () => void;
}> {
  const policy = {
    path: flags.policy,
    read: parsePolicy,
    apply: (engine: Engine, content: ReturnType<typeof parsePolicy>) => engine.setPolicy(content),
  };
  const kpis = {
    path: flags.kpis,
    read: (document: unknown) => parseKpis(document, tenantId),
    apply: (engine: Engine, content: ReturnType<typeof parseKpis>) => engine.setKpis(content),
  };
  const license = {
    path: flags.license,
    read: parseLicense,
    apply: (engine: Engine, content: ReturnType<typeof parseLicense>) => engine.setLicense(content),
  };
  const [policyNow, kpisNow, licenseNow] = await Promise.all([load(policy), load(kpis), load(license)]);
  return {
    options: {
      ...(policyNow === undefined ? {} : { policy: policyNow }),
      ...(kpisNow === undefined ? {} : { kpis: kpisNow }),
      ...(licenseNow === undefined ? {} : { license: licenseNow }),
    },
    follow: (engine, talk) => {
      const stops = [follow(policy, engine, talk), follow(kpis, engine, talk), follow(license, engine, talk)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
