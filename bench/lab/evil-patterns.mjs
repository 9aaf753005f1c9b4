// Patterns that take exponential or quadratic time in a backtracking engine, or that blow up when they are compiled.

/** Thirty of them, each within the limits of an intent. */
export const EVIL_PATTERNS = [
  '^(a+)+$',
  '(a+)+b',
  '(a|a)*b',
  '(a|aa)+$',
  '(.*a){20}',
  '(.*)*x',
  '([a-zA-Z]+)*$',
  '(a*)*b',
  '(a*)+b',
  '((a+)+)+b',
  '(x+x+)+y',
  '(a?){100}a{100}',
  '.*.*.*.*=.*',
  '(\\w+\\s?)+$',
  '^(\\w+\\s?)*$',
  '(\\s*\\w+\\s*)+\\.',
  '(a|b|ab)*c',
  '(a+a+)+c',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(([a-z]+)*)+@',
  '(a|b)*a(a|b){12}c',
  '(a|b)*a(a|b){20}c',
  '[ab]*a[ab]{200}c',
  'a.{500}#',
  '(\\pL|\\pN)+z{3}',
  '(?:(?:\\w\\W?)+)+Q',
  '(.+)+(.+)+(.+)+~',
  '(?s)(.{1,100})*#',
  '(\\b\\w+\\b\\s*){3,50}~',
  '(a|b|c).{100}(d|e).{100}~',
];

const TEXT_UNITS = 100 * 1_024;

/** Texts of 100 KB on which such patterns are slowest: one letter, two letters at random, words, a failing end. */
export function evilTexts() {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
  const fill = (piece) => {
    let text = '';
    while (text.length < TEXT_UNITS) text += piece();
    return text.slice(0, TEXT_UNITS - 1);
  };
  return [
    `${fill(() => 'a')}a`,
    `${fill(() => (random() < 0.5 ? 'a' : 'b'))}a`,
    `${fill(() => 'lorem ipsum dolor 123 ')}.`,
    `${fill(() => 'x')}!`,
  ];
}
