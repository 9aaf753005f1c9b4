import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'rolldown/parseAst';
import { describe, expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../src/', import.meta.url));

/** What a room may import beside `contract` and `support` (design.md, "The house"). */
interface Rule {
  readonly rooms: readonly string[];
  /** Packages, or a scope ending in a slash. */
  readonly npm?: readonly string[];
  /** Packages that may only be loaded with `import()`. */
  readonly dynamicNpm?: readonly string[];
  /** No room imports it through a door: its files are imported one by one. */
  readonly doorless?: true;
  /** Imports nothing at all, not even the two leaves. */
  readonly leaf?: true;
}

const ALL_BELOW_CLI = [
  'gotemplate',
  'intents',
  'wire',
  'runtime',
  'engine',
  'project',
  'launch',
  'scaffold',
  'lint',
  'dev',
  'control',
  'conformance',
  'console',
  'mcp',
  'terminal',
];

const RULES: Readonly<Record<string, Rule>> = {
  contract: { rooms: [], leaf: true },
  support: { rooms: [], leaf: true, doorless: true },
  gotemplate: { rooms: [] },
  intents: { rooms: [], npm: ['re2js'] },
  wire: { rooms: [], npm: ['@grpc/'] },
  runtime: { rooms: ['wire', 'gotemplate'], dynamicNpm: ['@opentelemetry/'] },
  engine: { rooms: ['wire', 'gotemplate', 'intents'], dynamicNpm: ['@redis/client'] },
  project: { rooms: [], npm: ['yaml', 'smol-toml'] },
  launch: { rooms: ['project'], npm: ['execa'] },
  scaffold: { rooms: ['project'] },
  lint: { rooms: ['project', 'gotemplate', 'intents'], npm: ['web-tree-sitter'] },
  dev: { rooms: ['launch', 'project', 'engine'], npm: ['chokidar'] },
  control: { rooms: ['engine'] },
  conformance: { rooms: ['launch', 'engine', 'wire'] },
  console: { rooms: ['control'] },
  mcp: { rooms: ['control'], npm: ['@modelcontextprotocol/sdk'] },
  terminal: { rooms: [], npm: ['chalk', '@inquirer/prompts'] },
  cli: { rooms: ALL_BELOW_CLI, npm: ['commander'] },
};

/** What the runtime may load, all in all: it is what agents ship. */
const RUNTIME_ROOMS = ['runtime', 'wire', 'contract', 'support', 'gotemplate'];
const RUNTIME_NPM = ['@grpc/grpc-js', '@grpc/proto-loader'];

interface Import {
  readonly file: string;
  readonly line: number;
  readonly specifier: string;
  readonly dynamic: boolean;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly source?: { readonly value?: unknown } | null;
}

/** Every way a module can name another, type-only ways included. */
function specifierOf(node: Node): { value: unknown; dynamic: boolean } | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node.source ? { value: node.source.value, dynamic: false } : undefined;
    case 'ImportExpression':
      return { value: node.source?.value, dynamic: true };
    case 'TSImportType':
      return { value: node.source?.value, dynamic: false };
    default:
      return undefined;
  }
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const program: unknown = parseAst(text, { lang: 'ts', sourceType: 'module' }, file);
  const found: Import[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
    } else if (typeof value === 'object' && value !== null) {
      const specifier = 'type' in value ? specifierOf(value as Node) : undefined;
      if (specifier !== undefined) {
        const line = text.slice(0, (value as Node).start).split('\n').length;
        found.push({ file, line, specifier: String(specifier.value), dynamic: specifier.dynamic });
      }
      for (const item of Object.values(value)) visit(item);
    }
  };
  visit(program);
  return found;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join(SRC, file));
const rooms = readdirSync(SRC, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const imports = files.flatMap(importsOf);

const roomOf = (file: string): string => relative(SRC, file).split('/')[0] ?? '';
const place = (item: Import): string => `${relative(SRC, item.file)}:${item.line} imports ${item.specifier}`;
const isLocal = (item: Import): boolean => item.specifier.startsWith('.');
const isBuiltin = (specifier: string): boolean =>
  specifier.startsWith('node:') || builtinModules.includes(specifier);
const targetOf = (item: Import): string => resolve(item.file, '..', item.specifier);
const allows = (list: readonly string[] | undefined, specifier: string): boolean =>
  (list ?? []).some((name) =>
    name.endsWith('/') ? specifier.startsWith(name) : specifier === name || specifier.startsWith(`${name}/`),
  );

describe('the walls of src/', () => {
  test('imports were found', () => {
    expect(imports.length).toBeGreaterThan(200);
    expect(imports.filter((item) => item.dynamic).length).toBeGreaterThan(3);
  });

  test('every room has a rule, and every rule of a built room matches a file', () => {
    expect(rooms.filter((room) => RULES[room] === undefined)).toEqual([]);
    expect(rooms.filter((room) => !files.some((file) => roomOf(file) === room))).toEqual([]);
    expect(files.filter((file) => !rooms.includes(roomOf(file)))).toEqual([]);
  });

  test('rooms import only downwards', () => {
    const broken = imports.filter(isLocal).filter((item) => {
      const from = roomOf(item.file);
      const to = roomOf(targetOf(item));
      if (from === to) return false;
      const rule = RULES[from] as Rule;
      return rule.leaf ? true : !['contract', 'support', ...rule.rooms].includes(to);
    });
    expect(broken.map(place)).toEqual([]);
  });

  test('another room is entered through its door', () => {
    const broken = imports.filter(isLocal).filter((item) => {
      const to = roomOf(targetOf(item));
      if (roomOf(item.file) === to || RULES[to]?.doorless) return false;
      return targetOf(item) !== join(SRC, to, 'index.ts');
    });
    expect(broken.map(place)).toEqual([]);
  });

  test('packages stay in the rooms that own them', () => {
    const broken = imports
      .filter((item) => !isLocal(item) && !isBuiltin(item.specifier))
      .filter((item) => {
        const rule = RULES[roomOf(item.file)] as Rule;
        return (
          !allows(rule.npm, item.specifier) && !(item.dynamic && allows(rule.dynamicNpm, item.specifier))
        );
      });
    expect(broken.map(place)).toEqual([]);
  });

  test('no room imports in a circle', () => {
    const edges = new Map(rooms.map((room) => [room, new Set<string>()]));
    for (const item of imports.filter(isLocal)) edges.get(roomOf(item.file))?.add(roomOf(targetOf(item)));
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      [...(edges.get(from) ?? [])].some((next) => {
        if (next === from || seen.has(next)) return false;
        seen.add(next);
        return next === to || reaches(next, to, seen);
      });
    expect(
      rooms.filter((room) =>
        [...(edges.get(room) ?? [])].some((next) => next !== room && reaches(next, room)),
      ),
    ).toEqual([]);
  });

  test('no file imports in a circle', () => {
    const edges = new Map(
      files.map((file) => [
        file,
        imports.filter((item) => item.file === file && isLocal(item)).map(targetOf),
      ]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        circles.push(
          [...path.slice(path.indexOf(file)), file].map((item) => relative(SRC, item)).join(' > '),
        );
      } else if (!done.has(file)) {
        for (const next of edges.get(file) ?? []) walk(next, [...path, file]);
        done.add(file);
      }
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });

  test('the runtime loads nothing beyond its closure', () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const walk = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const item of imports.filter((other) => other.file === file)) {
        if (isLocal(item)) walk(targetOf(item));
        else if (!isBuiltin(item.specifier)) packages.add(item.specifier);
      }
    };
    walk(join(SRC, 'runtime/index.ts'));
    expect([...new Set([...seen].map(roomOf))].filter((room) => !RUNTIME_ROOMS.includes(room))).toEqual([]);
    expect(
      [...packages].filter((name) => !allows(RUNTIME_NPM, name) && !allows(['@opentelemetry/'], name)),
    ).toEqual([]);
  });
});

describe('who may touch the process', () => {
  const textOf = (file: string) => readFileSync(file, 'utf8');
  // A blueprint's sources are data here.
  const written = files.filter((file) => !file.includes('/generated/'));
  const users = (pattern: RegExp) =>
    written.filter((file) => pattern.test(textOf(file))).map((file) => relative(SRC, file));

  test('only cli/main.ts sets the exit code, and the runtime where it owns the process', () => {
    expect(users(/process\.(exitCode|exit\b)/).sort()).toEqual(['cli/main.ts', 'runtime/serve.ts']);
  });

  test('only the terminal and the runtime write to streams', () => {
    expect(users(/console\.\w+\(/)).toEqual([]);
    expect(users(/process\.std(out|err)\.write/)).toEqual(['runtime/serve.ts']);
  });
});
