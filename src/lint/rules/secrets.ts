/** How secrets look. What is found is never printed. */

const KNOWN_FORMS: readonly (readonly [what: string, form: RegExp])[] = [
  ['an AWS access key', /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a GitHub token', /\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})\b/],
  ['a GitLab token', /\bglpat-[\w-]{20,}\b/],
  ['a Slack token', /\bxox[abprs]-[A-Za-z0-9-]{10,}\b/],
  ['an API key of an LLM', /\bsk-(ant-|proj-)?[A-Za-z0-9_-]{20,}\b/],
  ['a Google API key', /\bAIza[0-9A-Za-z_-]{35}\b/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a PyPI token', /\bpypi-[A-Za-z0-9_-]{50,}\b/],
  ['a Stripe key', /\b[rs]k_live_[A-Za-z0-9]{20,}\b/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a JSON web token', /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  ['a Grafana token', /\bglsa_[A-Za-z0-9_]{30,}\b/],
  ['an address with a password', /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"'<>{}$]+:[^\s:/@"'<>{}$]{3,}@[\w.-]+/i],
];

const MARKS =
  /AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk-|AIza|npm_|pypi-|_live_|PRIVATE KEY|eyJ|glsa_|:\/\/[^\s/]*@/;

/** Whether a closer look at a long text pays. */
export const mayHoldSecret = (text: string): boolean => MARKS.test(text);

/** What a text holds that no one else may see; undefined for nothing. */
export function secretIn(text: string): string | undefined {
  return KNOWN_FORMS.find(([, form]) => form.test(text))?.[0];
}

const SECRET_NAME =
  /(^|[_.-]|[a-z](?=[A-Z]))(password|passwd|passphrase|pwd|secret|token|api_?key|apikey|credentials?|private_?key|access_?key|auth_?key)$/i;
/** The name of a variable, a key or a field. */
const OTHER_NAME = /^([A-Z][A-Z0-9_]*|[a-z]+([_.-][a-z]+\d{0,2})*|x-[a-z-]+)$/;
/** A placeholder, or a word of a protocol. */
const PLACEHOLDER =
  /^(bearer|basic|api_?key|authorization|none|null|true|false|string|redacted|\*+|x{3,}|<.*>|\$\{.*|\{\{.*|%[sv]|\.\.\.|change-?me|your[-_ ].*|example.*)$/i;
const MIN_SECRET_CHARS = 6;

/** Whether a value that has the name of a secret is one; in code, a word may be the name of something else. */
export function isSecretValue(name: string, value: string): boolean {
  return isSecretSetting(name, value) && !/\s/.test(value) && !OTHER_NAME.test(value);
}

/** The same in a file of settings, where every value is a value. */
export function isSecretSetting(name: string, value: string): boolean {
  return SECRET_NAME.test(name) && value.length >= MIN_SECRET_CHARS && !PLACEHOLDER.test(value);
}
