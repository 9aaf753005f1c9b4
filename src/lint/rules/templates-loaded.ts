import type { Place, SourceFile } from '../source/source-file.ts';
import type { Rule, RuleInput } from '../types.ts';
import { ALL, checked, fileStart, notApplicable, placeText, templatePaths } from './kit.ts';

export const templatesLoaded: Rule = {
  id: 'templates-loaded',
  title: 'The prompt templates are loaded from their folder',
  group: 'checklist',
  severity: 'error',
  why: 'A template that nobody loads never reaches the engine; one that is looked for in the working folder is missing in the container.',
  mend: 'Go: a file embed.go with `//go:embed templates/*.tmpl`. Python: read the folder `templates` beside the file with pathlib. TypeScript: `loadPromptTemplates` of the runtime.',
  languages: ALL,
  needsWholeSource: true,
  checklist: 12,
  examples: {
    typescript: {
      bad: 'promptTemplates: [],',
      good: "promptTemplates: loadPromptTemplates(path.join(projectFolder(), 'templates'), DESCRIPTIONS),",
    },
    go: {
      bad: 'var embeddedTemplates embed.FS',
      good: '//go:embed templates/*.tmpl\nvar embeddedTemplates embed.FS',
    },
    python: {
      bad: 'open("templates/my_agent_guide.tmpl").read()',
      good: '(Path(__file__).parent / "templates").glob("*.tmpl")',
    },
  },
  check(input) {
    const [first] = templatePaths(input.files);
    if (first === undefined) return notApplicable('the project has no templates');
    const place = findLoader(input);
    if (place !== undefined) return checked([], placeText(place));
    return checked([{ message: messageFor(input), place: fileStart(placeFor(input, first)) }]);
  },
};

const placeFor = ({ language, files }: RuleInput, template: string): string =>
  language === 'go' && files.get('embed.go') !== undefined ? 'embed.go' : template;

function messageFor({ language, files }: RuleInput): string {
  switch (language) {
    case 'go':
      return files.get('embed.go') === undefined
        ? 'there is no embed.go that embeds the templates'
        : 'embed.go has no //go:embed directive for the templates';
    case 'python':
      return 'nothing reads the folder templates with pathlib';
    case 'typescript':
      return 'nothing loads the folder templates with loadPromptTemplates';
    default: {
      const never: never = language;
      throw new TypeError(`unknown language ${JSON.stringify(never)}`);
    }
  }
}

function findLoader({ language, workspace }: RuleInput): Place | undefined {
  for (const file of workspace.agentFiles) {
    if (language === 'go') {
      const directive = file.comments.find(({ text }) => /^\/\/go:embed\s.*\btemplates\b/.test(text));
      if (directive !== undefined && /(^|\/)embed\.go$/.test(file.path)) return file.placeAt(directive.start);
      continue;
    }
    const call = file.calls.find(({ callee, args }) => {
      const name = callee.at(-1);
      if (language === 'typescript') return name === 'loadPromptTemplates';
      const [pattern] = args;
      return (
        name === 'iterdir' ||
        (['glob', 'rglob'].includes(name ?? '') && pattern?.kind === 'text' && /\.tmpl$/.test(pattern.value))
      );
    });
    const usesPathlib = language !== 'python' || file.imports.some(({ module }) => module === 'pathlib');
    if (call !== undefined && usesPathlib && mentionsTemplates(file)) return file.placeOf(call);
  }
  return undefined;
}

function mentionsTemplates({ nodes }: SourceFile): boolean {
  for (const node of nodes) {
    if (node.kind === 'text' && /templates/.test(node.value)) return true;
    if (node.kind === 'call' && node.callee.at(-1) === 'loadPromptTemplates') return true;
  }
  return false;
}
