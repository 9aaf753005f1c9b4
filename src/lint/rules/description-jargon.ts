import { known, placeOf } from '../agent/facts.ts';
import type { Rule } from '../types.ts';
import { ALL, forActions } from './kit.ts';
import { isTooShort, meaningfulWords } from './words.ts';

/** Words that only people who know the backend understand. */
const JARGON = new Set(
  (
    'promql logql logsql traceql metricsql kql spl lucene k8s kube crd crds rbac etcd tsdb oom oomkilled hpa vpa pvc pdb cni csi cri ' +
    'qps rps p50 p90 p95 p99 slo sli sla apm otlp otel gvr gvk ns svc sts deploy exec cfg cidr mtls grpc api sdk crud ' +
    'ebpf iops ttl regex jq json yaml dsl cql ddl dml uuid ctx param params args stdout stderr cli'
  ).split(' '),
);
/** From this share on, a description is made of jargon. */
const MAX_SHARE = 0.25;

export const descriptionJargon: Rule = {
  id: 'description-jargon',
  title: 'An action’s description is plain English',
  group: 'checklist',
  severity: 'error',
  why: 'People ask for CPU usage and error rates, not for PromQL: a description in the backend’s own words is not chosen for their questions.',
  mend: 'Say what a person gets from the action; name the backend’s language only beside that.',
  languages: ALL,
  checklist: 5,
  examples: {
    any: {
      bad: 'Execute PromQL range query on the k8s TSDB, p99 and QPS. Use this for PromQL.',
      good: 'Give the load of a service over a stretch of time: requests, errors and how long they took. Use this to see whether a service is slow.',
    },
  },
  check: (input) =>
    forActions(input, ({ description, place }, label) => {
      const text = known(description);
      if (text === undefined || isTooShort(text)) return [];
      const words = meaningfulWords(text);
      const jargon = words.filter((word) => JARGON.has(word));
      if (jargon.length < words.length * MAX_SHARE) return [];
      return [
        {
          message: `the description of ${label} is mostly jargon: ${[...new Set(jargon)].join(', ')}`,
          place: placeOf(description, place),
        },
      ];
    }),
};
