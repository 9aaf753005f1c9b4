import type { LanguageId } from '../../project/index.ts';
import { type CallNode, walk } from '../source/model.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Finding, Rule } from '../types.ts';
import { ALL, checked } from './kit.ts';

const STORES: Readonly<Record<LanguageId, RegExp>> = {
  go: /go-sqlite3|modernc\.org\/sqlite|bbolt|boltdb|badger|goleveldb|pebble|buntdb|nutsdb/,
  python: /^(sqlite3|aiosqlite|shelve|dbm|tinydb|plyvel|lmdb|diskcache|duckdb|peewee|zodb|rocksdict)(\.|$)/i,
  typescript:
    /^(better-sqlite3|sqlite3?|sql\.js|level(db|up|-\w+)?|lowdb|nedb|@seald-io\/nedb|node-persist|lmdb|keyv-file|node:sqlite|conf|duckdb)(\/|$)/,
};
const WRITERS: Readonly<Record<LanguageId, RegExp>> = {
  go: /^(os\.(WriteFile|Create|Mkdir|MkdirAll)|ioutil\.WriteFile)$/,
  python:
    /(^|\.)(write_text|write_bytes|touch|mkdir|makedirs)$|^(json|pickle|yaml)\.dump$|^shutil\.(copy\w*|move)$/,
  typescript: /(^|\.)(writeFile(Sync)?|appendFile(Sync)?|createWriteStream|mkdir(Sync)?|copyFile(Sync)?)$/,
};

export const noStateOnDisk: Rule = {
  id: 'no-state-on-disk',
  title: 'The agent keeps no state on disk',
  group: 'conduct',
  severity: 'error',
  why: 'Several instances of an agent share the work and are replaced at any time: what one of them keeps is missing in the others and gone after a restart.',
  mend: 'Keep it in the backend, or in the engine’s cache; temporary files belong into the temporary folder.',
  languages: ALL,
  examples: {
    typescript: {
      bad: "await writeFile('state.json', text);",
      good: 'await engineClient.cacheSet(key, text, 300);',
    },
    go: {
      bad: 'os.WriteFile("state.json", data, 0o644)',
      good: 'p.engine.CacheSet(ctx, key, text, 5*time.Minute)',
    },
    python: {
      bad: 'Path("state.json").write_text(text)',
      good: 'await engine.cache_set(key, text, timedelta(minutes=5))',
    },
  },
  check({ workspace, language }) {
    const findings: Finding[] = [];
    for (const file of workspace.agentFiles) {
      for (const item of file.imports)
        if (STORES[language].test(item.module))
          findings.push({ message: `${item.module} keeps state on disk`, place: file.placeOf(item) });
      for (const call of file.calls)
        if (writes(call, file, language))
          findings.push({
            message: `${call.callee.filter((part) => part !== '?').join('.')} writes to the disk`,
            place: file.placeOf(call),
          });
    }
    return checked(findings);
  },
};

function writes(call: CallNode, file: SourceFile, language: LanguageId): boolean {
  // A name that is no text, such as a variable: only the temporary folder's own names are known to be fine.
  if (
    /\b(tmpdir|TempDir|tempfile|gettempdir|mkdtemp|NamedTemporaryFile|io\.StringIO|BytesIO)\b/.test(
      file.sourceOf(call),
    )
  )
    return false;
  const name = call.callee.join('.');
  if (WRITERS[language].test(name))
    return language !== 'python' || name !== 'json.dump' || call.args.length > 1;
  if (language === 'python' && (name === 'open' || name.endsWith('.open')))
    return [
      ...call.args.slice(name === 'open' ? 1 : 0, 2),
      ...call.named.filter((item) => item.name === 'mode').map(({ value }) => value),
    ].some((arg) => arg.kind === 'text' && /^[rbt+]*[wax][bt+]*$|^r[bt]*\+/.test(arg.value));
  if (language === 'go' && name === 'os.OpenFile')
    return /O_(WRONLY|RDWR|CREATE|APPEND)/.test(file.sourceOf(call));
  if (language === 'typescript' && /(^|\.)open(Sync)?$/.test(name))
    return (
      importsFiles(file) &&
      [...walk(call.args.slice(1, 2))].some((arg) => arg.kind === 'text' && /^[wa]|^r\+/.test(arg.value))
    );
  return false;
}

const importsFiles = (file: SourceFile) =>
  file.imports.some(({ module }) => /^(node:)?fs(\/promises)?$/.test(module));
