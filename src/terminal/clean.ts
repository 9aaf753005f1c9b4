/**
 * Escape sequences (CSI, OSC and the other string kinds, then any other two-character one), the control
 * characters that are no text, and the marks that turn the direction of a line (faults.md T7).
 */
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?|\u009b[0-?]*[ -/]*[@-~]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** As `cleanText`, on one line: a cell or an event must not forge the next. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/[\n\t]+/g, ' ');
}

/** Text of an agent, a tool or another machine, made safe to show: it can neither move the cursor nor hide anything. */
export function cleanText(text: string): string {
  return text.replace(SEQUENCES, '').replace(CONTROLS, '');
}
