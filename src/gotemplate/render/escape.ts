import { isPrintable } from '../characters.ts';
import { bytesOf } from '../text-bytes.ts';

const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

/** As Go's template.HTMLEscapeString. */
export function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (character) => HTML[character] ?? character);
}

/** As Go's template.JSEscapeString: quotes and backslashes with a backslash, the rest by number. */
export function escapeJs(text: string): string {
  let escaped = '';
  for (const character of text) {
    if (character === '\\' || character === "'" || character === '"') escaped += `\\${character}`;
    // Go lets the delete character pass.
    else if (/[<>&=]/.test(character) || !(isPrintable(character) || character === '\x7f'))
      escaped += `\\u${codeOf(character)}`;
    else escaped += character;
  }
  return escaped;
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}

/** As Go's url.QueryEscape: a space becomes a plus sign. */
export function escapeQuery(text: string): string {
  return text.replace(/[^A-Za-z0-9\-_.~]/gu, (character) =>
    character === ' '
      ? '+'
      : [...bytesOf(character)]
          .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
          .join(''),
  );
}
