import type { Rule } from '../types.ts';
import { ALL, checked, fileStart } from './kit.ts';

const NAME = /^(?:agplv3-)?(?:licen[cs]e|copying)(?:[.-].*)?$/i;
/** What only the text of a licence says, white space aside. */
const FORMS: readonly (readonly [name: string, form: RegExp])[] = [
  ['AGPL-3.0', /GNU AFFERO GENERAL PUBLIC LICENSE\s+Version 3/i],
  ['LGPL', /GNU LESSER GENERAL PUBLIC LICENSE\s+Version [23]/i],
  ['GPL', /GNU GENERAL PUBLIC LICENSE\s+Version [23]/i],
  ['Apache-2.0', /Apache License[\s,]+Version 2\.0/i],
  ['MIT', /Permission is hereby granted, free of charge/i],
  ['ISC', /Permission to use, copy, modify, and(\/or)? distribute this software/i],
  ['BSD', /Redistribution and use in source and binary forms/i],
  ['MPL-2.0', /Mozilla Public License[\s,]+(Version|v\.) 2\.0/i],
  ['EUPL', /European Union Public Licen[cs]e/i],
  ['proprietary', /\b(proprietary|all rights reserved|confidential)\b/i],
];

export const licensePresent: Rule = {
  id: 'license-present',
  title: 'A recognised LICENSE lies at the root',
  group: 'checklist',
  severity: 'error',
  why: 'Without a licence nobody may use the agent; open contributions are under the AGPL, version 3.',
  mend: 'Put the whole text of the licence into LICENSE: AGPL-3.0 for open agents, a proprietary notice for others.',
  languages: ALL,
  checklist: 13,
  examples: {
    any: {
      bad: 'no LICENSE, or one that says only “see website”',
      good: 'LICENSE or AGPLv3-LICENSE with the text of the licence',
    },
  },
  check({ files }) {
    const names = files.paths.filter((path) => NAME.test(path));
    if (names.length === 0) return checked([{ message: 'there is no LICENSE' }]);
    for (const name of names) {
      const found = FORMS.find(([, form]) => form.test(files.get(name)?.text ?? ''));
      if (found !== undefined) return checked([], `${name}: ${found[0]}`);
    }
    const [first = ''] = names;
    return checked([{ message: `${first} holds no licence that is recognised`, place: fileStart(first) }]);
  },
};
