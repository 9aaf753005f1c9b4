import { createHash, timingSafeEqual } from 'node:crypto';
import { Refusal } from './refusals.ts';

/** What the checks look at: one request, and what this server is. */
export interface Facts {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Every value of each header as it came, by lower-case name. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  /** The Host values this server answers to. */
  readonly hosts: readonly string[];
  /** The methods a path takes; empty when there is no such path. */
  readonly methodsOf: (path: string) => readonly string[];
  readonly token: string;
}

/** Looks at one thing; undefined lets the request pass. */
export type Check = (facts: Facts) => Refusal | undefined;

/** The Host values of a server on this port. Nothing else may be one: a page that rebinds its name sends its own. */
export const ownHosts = (port: number): readonly string[] =>
  ['127.0.0.1', 'localhost', '[::1]'].map((host) => `${host}:${port}`);

/** A header sent twice is joined, and so equals no value that a check accepts. */
const headerOf = (facts: Facts, name: string): string | undefined => facts.headers[name]?.join(', ');

const checkHost: Check = (facts) =>
  facts.hosts.includes(headerOf(facts, 'host') ?? '') ? undefined : new Refusal('wrong-host');

const checkOrigin: Check = (facts) => {
  const origin = headerOf(facts, 'origin');
  const own = origin === undefined || facts.hosts.some((host) => origin === `http://${host}`);
  return own ? undefined : new Refusal('foreign-origin');
};

const checkFetchSite: Check = (facts) => {
  const site = headerOf(facts, 'sec-fetch-site');
  const own = site === undefined || site === 'same-origin' || site === 'none';
  return own ? undefined : new Refusal('cross-site');
};

const checkUpgrade: Check = (facts) =>
  headerOf(facts, 'upgrade') === undefined
    ? undefined
    : new Refusal('upgrade-not-offered', { headers: { upgrade: 'HTTP/1.1' } });

const checkPath: Check = (facts) =>
  facts.methodsOf(facts.path).length > 0 ? undefined : new Refusal('unknown-path');

const checkMethod: Check = (facts) => {
  const methods = facts.methodsOf(facts.path);
  // OPTIONS is a method like any other: there are no CORS answers, so that every preflight fails.
  return methods.includes(facts.method)
    ? undefined
    : new Refusal('wrong-method', { headers: { allow: methods.join(', ') } });
};

const JSON_TYPE = /^application\/json[ \t]*(;[ \t]*charset="?utf-8"?[ \t]*)?$/i;

const checkContentType: Check = (facts) =>
  facts.method !== 'POST' || JSON_TYPE.test(headerOf(facts, 'content-type') ?? '')
    ? undefined
    : new Refusal('wrong-content-type');

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const checkToken: Check = (facts) => {
  const given = /^bearer +(\S+)$/i.exec(headerOf(facts, 'authorization') ?? '')?.[1] ?? '';
  // Digests have one length, so that the time of the comparison tells nothing about the token.
  return timingSafeEqual(digest(given), digest(facts.token))
    ? undefined
    : new Refusal('wrong-token', { headers: { 'www-authenticate': 'Bearer' } });
};

/** Every check of every request, in this order; the token comes last, so that a web page cannot guess at it. */
export const CHECKS: readonly Check[] = [
  checkHost,
  checkOrigin,
  checkFetchSite,
  checkUpgrade,
  checkPath,
  checkMethod,
  checkContentType,
  checkToken,
];

/** The first refusal, if any. */
export function findRefusal(facts: Facts): Refusal | undefined {
  for (const check of CHECKS) {
    const refusal = check(facts);
    if (refusal) return refusal;
  }
  return undefined;
}
