/**
 * The beginning of a text, of at most so many characters. A slice would keep the whole of a long text in memory, and
 * agents send texts of megabytes (faults.md T8): this is a copy.
 */
export function excerpt(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : Buffer.from(text.slice(0, maxChars), 'utf8').toString('utf8');
}
