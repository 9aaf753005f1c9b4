import { known } from '../agent/facts.ts';
import type { Rule } from '../types.ts';
import { ALL, checked, fileStart, notApplicable, templatePaths } from './kit.ts';

/** Words that every agent might use. */
const COMMON = new Set(
  'guide analysis prompt system chat context guidelines instructions template default main summary help base common agent tools query'.split(
    ' ',
  ),
);
const LEGAL = /^[a-z][a-z0-9_]{2,63}$/;

export const templateName: Rule = {
  id: 'template-name',
  title: 'Prompt templates have names of their own',
  group: 'templates',
  severity: 'error',
  why: 'All agents share one store: of two templates with one name the engine keeps the one that came first.',
  mend: 'Name the file after the agent or its action, as in query_metrics_guide.tmpl.',
  languages: ALL,
  examples: { any: { bad: 'templates/guide.tmpl', good: 'templates/my_agent_guide.tmpl' } },
  check({ files, agent }) {
    const paths = templatePaths(files);
    if (paths.length === 0) return notApplicable('the project has no templates');
    const own = new Set(
      (agent === undefined ? '' : (known(agent.name) ?? '')).split('_').filter((word) => word !== ''),
    );
    return checked(
      paths.flatMap((path) => {
        const name = path.replace(/^.*\//, '').replace(/\.tmpl$/, '');
        const place = fileStart(path);
        if (!LEGAL.test(name))
          return [{ message: `"${name}" is no template name in the style of my_agent_guide`, place }];
        const words = name.split('_');
        const isOwn = words.length > 1 && words.some((word) => own.has(word) || !COMMON.has(word));
        return isOwn ? [] : [{ message: `the template name ${name} may be that of any agent`, place }];
      }),
      paths.join(', '),
    );
  },
};
