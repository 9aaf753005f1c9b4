import type { Rule } from '../types.ts';
import { ALL, checked } from './kit.ts';
import { workingTexts } from './literals.ts';

const URL_TEXT = /^\s*([a-z][a-z0-9+.-]{1,20}):\/\/([^\s/?#]*)/i;
const HOST_PORT =
  /^(\d{1,3}(?:\.\d{1,3}){3}|localhost|(?=[a-z0-9.-]*[a-z])[a-z0-9-]+(?:\.[a-z0-9-]+)*):(\d{2,5})$/i;
/** Names of vocabularies that nobody connects to. */
const VOCABULARIES =
  /^(www\.w3\.org|json-schema\.org|schema\.org|schemas\.[\w.]+|purl\.org|xmlns\.[\w.]+|opentelemetry\.io)$/i;
const NO_ADDRESS = /^(file|data|urn|about|node|blob)$/i;

/** The address in a text, where the text is one. */
function addressOf(text: string, hasHoles: boolean): string | undefined {
  const url = URL_TEXT.exec(text);
  if (url !== null) {
    const [, scheme = '', authority = ''] = url;
    const host = authority.replace(/^.*@/, '').replace(/:\d*$/, '');
    if (NO_ADDRESS.test(scheme) || host === '' || VOCABULARIES.test(host)) return undefined;
    // `https://%s/x` and `https://{host}` leave the host open.
    if (/[%{}$<>]/.test(host) || /\s/.test(text.trim())) return undefined;
    return hasHoles && authority === text.trim().slice(scheme.length + 3) && !host.includes('.')
      ? undefined
      : text.trim();
  }
  if (hasHoles) return undefined;
  const address = HOST_PORT.exec(text.trim());
  if (address === null) return undefined;
  const [, host = '', port = ''] = address;
  const isName = !/^\d|\.|^localhost$/i.test(host);
  // `limit:20` is a cache key: a bare word is a host only with the port of a service.
  if (Number(port) === 0 || host === '0.0.0.0' || (isName && port.length < 4)) return undefined;
  return text.trim();
}

export const hardCodedUrl: Rule = {
  id: 'hard-coded-url',
  title: 'No addresses in the code',
  group: 'checklist',
  severity: 'error',
  why: 'An address in the code is right on one machine only, and changing it means a new release.',
  mend: 'Read it from an environment variable that the README names, or from a configuration parameter.',
  languages: ALL,
  checklist: 10,
  examples: {
    typescript: {
      bad: "const url = 'http://prometheus.internal:9090';",
      good: "const url = process.env.MY_AGENT_BACKEND_URL ?? '';",
    },
    go: { bad: 'url := "http://prometheus.internal:9090"', good: 'url := os.Getenv("MY_AGENT_BACKEND_URL")' },
    python: {
      bad: 'URL = "http://prometheus.internal:9090"',
      good: 'url = os.environ.get("MY_AGENT_BACKEND_URL", "")',
    },
  },
  check: (input) =>
    checked(
      workingTexts(input).flatMap(({ file, node }) => {
        const address = addressOf(node.value, node.holes);
        return address === undefined
          ? []
          : [{ message: `the address ${withoutPassword(address)} is hard-coded`, place: file.placeOf(node) }];
      }),
    ),
};

/** What a report prints may be read by many. */
const withoutPassword = (address: string) => address.replace(/\/\/[^/@]*@/, '//***@').slice(0, 100);
