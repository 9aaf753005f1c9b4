import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { ESCAPES } from '../../src/scaffold/escape.ts';
import { createPlan, type GivenAnswers, type Plan } from '../../src/scaffold/index.ts';
import { findGo, findPython } from '../support/tools.ts';
import { NASTY_STRINGS, randomStrings } from './nasty-strings.ts';
import { literalsOf, parseFile, textOf } from './project-text.ts';
import { answersWith, makeWorkspace } from './workspace.ts';

const STRINGS = [...NASTY_STRINGS, ...randomStrings(1000, 20_261_122)];
const LINE_END = /[\n\r\u2028\u2029\u0085\v\f]/;

const plainPlan = await createPlan(answersWith({ description: 'plain', actions: ['own_action:plain'] }));
/** What reorders or hides other characters. */
const DECEPTIVE = /(?!\n)\p{Cc}|[\u200b\u202a-\u202e\u2066-\u2069]/u;
const linesOf = (text: string) => text.split(LINE_END).length;

/** The strings that can be a holder's name, which is one line of visible length. */
const LINES = STRINGS.filter((text) => !/[\p{Cc}\u2028\u2029]/u.test(text) && text.length <= 200);

const plain = new Map(
  plainPlan.files.map(({ path: name }) => {
    const text = textOf(plainPlan, name);
    const literals = name.endsWith('.ts') ? literalsOf(text).length : 0;
    return [name, { text, lines: linesOf(text), literals }];
  }),
);

/** Checks that an answer is data and nothing but: each file parses and has as many lines and literals as before. */
async function checkProject(given: GivenAnswers): Promise<Plan> {
  const plan = await createPlan(
    answersWith({ description: 'plain', actions: ['own_action:plain'], ...given }),
  );
  expect(plan.files.map((file) => file.path)).toEqual([...plain.keys()]);
  for (const { path: name } of plan.files) {
    const text = textOf(plan, name);
    const before = plain.get(name);
    if (before === undefined || text === before.text) continue;
    if (name.endsWith('.ts')) expect([name, literalsOf(text).length]).toEqual([name, before.literals]);
    else parseFile(name, text);
    expect([name, linesOf(text)]).toEqual([name, before.lines]);
    // Whatever stands there is seen, and what is seen stands there.
    expect([name, DECEPTIVE.exec(text)]).toEqual([name, null]);
  }
  return plan;
}

describe(`${STRINGS.length} nasty texts`, () => {
  it('are enough, and all different enough', () => {
    expect(NASTY_STRINGS.length).toBeGreaterThan(120);
    expect(new Set(STRINGS).size).toBeGreaterThan(1100);
    expect(randomStrings(5, 7)).toEqual(randomStrings(5, 7));
  });

  it('as descriptions of agent and action are the very same text in code, manifest and record', async () => {
    for (const [index, description] of STRINGS.entries()) {
      const other = STRINGS[(index + 1) % STRINGS.length] ?? '';
      const plan = await checkProject({ description, actions: [{ id: 'own_action', description: other }] });
      expect(literalsOf(textOf(plan, 'plugin.ts'))).toEqual(expect.arrayContaining([description, other]));
      expect(JSON.parse(textOf(plan, 'package.json'))).toMatchObject({ description });
      expect(JSON.parse(textOf(plan, '.mirastack/blueprint.json'))).toMatchObject({
        answers: { description, actions: [{ description: other }] },
      });
    }
  }, 120_000);

  it('as the holder of the copyright are the very same text in package.json', async () => {
    expect(LINES.length).toBeGreaterThan(300);
    const licenses = ['agpl-3.0', 'proprietary', 'apache-2.0', 'mit'];
    for (const [index, org] of LINES.entries()) {
      const license = licenses[index % licenses.length];
      const plan = await createPlan(answersWith({ org, license }));
      const other = await createPlan(answersWith({ org: 'plain', license }));
      expect(JSON.parse(textOf(plan, 'package.json'))).toMatchObject({ author: { name: org } });
      for (const name of ['LICENSE', 'README.md'])
        expect(linesOf(textOf(plan, name))).toBe(linesOf(textOf(other, name)));
    }
  }, 120_000);
});

/** Sources of a project, and what must stand in one of them as a string. */
interface Claim {
  readonly sources: readonly string[];
  readonly expected: string;
}

/** Parses every source; gives the expected texts that stand in none of their project's string literals. */
const PYTHON_READER = `
import ast, functools, json, sys

@functools.lru_cache(maxsize=16)
def strings(source):
    return {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}

claims = json.load(open(sys.argv[1], encoding="utf-8"))
missing = [c["expected"] for c in claims if not any(c["expected"] in strings(s) for s in c["sources"])]
print(json.dumps(missing))
`;
/** The same. */
const GO_READER = `package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
)

type claim struct {
	Sources  []string
	Expected string
}

func holds(source, expected string) bool {
	file, err := parser.ParseFile(token.NewFileSet(), "x.go", source, 0)
	if err != nil {
		panic(err)
	}
	found := false
	ast.Inspect(file, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			value, err := strconv.Unquote(literal.Value)
			found = found || err == nil && value == expected
		}
		return true
	})
	return found
}

func main() {
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var claims []claim
	if err := json.Unmarshal(data, &claims); err != nil {
		panic(err)
	}
	missing := []string{}
	for _, claim := range claims {
		held := false
		for _, source := range claim.Sources {
			held = holds(source, claim.Expected) || held
		}
		if !held {
			missing = append(missing, claim.Expected)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(missing); err != nil {
		panic(err)
	}
}
`;

/** The texts that another language's own parser does not find where they belong. */
async function findMissing(
  claims: readonly Claim[],
  run: (file: string) => readonly string[],
): Promise<unknown> {
  const file = path.join(await makeWorkspace(), 'claims.json');
  writeFileSync(file, JSON.stringify(claims));
  const [command = '', ...args] = run(file);
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout);
}

/** Projects in another language with each text as their description, and as that of an action. */
async function claimsOf(language: string, ending: string): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const [index, expected] of STRINGS.entries()) {
    // Some actions change more files than others do, and a backend of another kind has other files.
    const backend = ['http', 'grpc', 'none'][index % 3];
    const other = STRINGS[(index + 1) % STRINGS.length] ?? '';
    const actions = [{ id: 'own_action', description: other }];
    const plan = await createPlan(answersWith({ language, backend, description: expected, actions }));
    const named = plan.files.filter(({ path: name, content }) => {
      if (!name.endsWith(ending)) parseFile(name, String(content));
      return name.endsWith(ending) && /own_action|ownAction|OwnAction/.test(String(content));
    });
    const sources = named.map(({ content }) => String(content));
    claims.push({ sources, expected }, { sources, expected: other });
  }
  return claims;
}

describe('projects in other languages', () => {
  const python = findPython();
  it.skipIf(python === undefined)(
    'hold the very same texts in Python (needs Python 3.12)',
    async () => {
      const run = (file: string) => [python ?? '', '-c', PYTHON_READER, file];
      expect(await findMissing(await claimsOf('python', '.py'), run)).toEqual([]);
    },
    240_000,
  );

  const go = findGo();
  it.skipIf(go === undefined)(
    'hold the very same texts in Go (needs Go)',
    async () => {
      const program = path.join(await makeWorkspace(), 'reader.go');
      writeFileSync(program, GO_READER);
      const run = (file: string) => [go ?? '', 'run', program, file];
      expect(await findMissing(await claimsOf('go', '.go'), run)).toEqual([]);
    },
    240_000,
  );
});

describe('literals', () => {
  it('of YAML and TOML are the very same text', () => {
    for (const text of STRINGS) {
      expect(parseYaml(`x: ${ESCAPES.yaml(text)}\n`)).toEqual({ x: text });
      expect(parseToml(`x = ${ESCAPES.toml(text)}\n`)).toEqual({ x: text });
    }
  });

  it.skipIf(process.platform === 'win32')('of a shell, and of make, are the very same word', async () => {
    // A NUL ends a word, and a file name has none either.
    const words = STRINGS.filter((text) => !text.includes('\0'));
    for (let start = 0; start < words.length; start += 100) {
      const some = words.slice(start, start + 100);
      const script = `printf '%s\\0' ${some.map(ESCAPES.sh).join(' ')}`;
      const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
      expect(stdout.split('\0').slice(0, -1)).toEqual(some);
    }
  });
});

describe('comments', () => {
  it('are one line that ends nothing', () => {
    for (const text of STRINGS) {
      const comment = ESCAPES.comment(text);
      expect(comment).not.toMatch(LINE_END);
      expect(comment).not.toMatch(/\*\/|"""|-->/);
    }
  });
});

describe('helpers for what needs no quotes', () => {
  it('refuse everything else', () => {
    for (const text of ['a b', 'x;y', '$x', '', '1a', 'é'])
      expect(() => ESCAPES.ident(text)).toThrow('not an identifier');
    for (const text of ['a  b', ' a', 'x;y', '$x', '', 'a\nb', '`x`'])
      expect(() => ESCAPES.bare(text)).toThrow('not plain words');
    expect(ESCAPES.bare('npx --no-install mirastack-agent')).toBe('npx --no-install mirastack-agent');
  });
});
