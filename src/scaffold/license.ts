import { toOneLine } from './escape.ts';
import type { Answers } from './question.ts';

const proprietary = (notice: string): string => `${notice}

All rights reserved.

This software and its documentation are the property of the copyright holder. Nobody may use, copy,
change, publish or pass on any part of them, in source or in binary form, without the holder's written
permission. Having them does not give that permission.

The software is provided as it is, without warranty of any kind. The copyright holder is not liable for
any damage that comes from its use.
`;

/**
 * The text of a project's LICENSE with year and right holder in it. A licence that has a place for them is
 * filled in; before the others stands a notice.
 * @param published the licence's text as its authors have published it; undefined where it is ours
 */
export function licenseText(
  { license, org, year }: Pick<Answers, 'license' | 'org' | 'year'>,
  published: string | undefined,
): string {
  const holder = toOneLine(org);
  const notice = `Copyright (C) ${year} ${holder}`;
  if (license === 'LicenseRef-Proprietary') return proprietary(notice);
  if (published === undefined) throw new Error(`no text of licence ${license}`);
  // Functions, because a holder's name may hold a dollar sign.
  switch (license) {
    case 'AGPL-3.0-only':
      return `${notice}\n\n${published}`;
    case 'Apache-2.0':
      return published.replace('[yyyy] [name of copyright owner]', () => `${year} ${holder}`);
    case 'MIT':
      return published.replace('<year> <copyright holders>', () => `${year} ${holder}`);
    default:
      return license satisfies never;
  }
}
