import type { LanguageId } from '../../project/index.ts';

/** The names under which an agent's SDK is imported. */
export const SDK_MODULES: Readonly<Record<LanguageId, RegExp>> = {
  typescript: /^create-mirastack-agent(\/|$)/,
  go: /mirastack-agents-sdk-go(\/|$)/,
  python: /^mirastack_sdk(\.|$)/,
};

const GO_NETWORK = /^(net|net\/http|net\/rpc|net\/smtp|database\/sql|os\/exec)$/;
const NODE_NETWORK = /^(node:)?(http|https|http2|net|tls|dgram|dns|child_process)$/;
const PYTHON_NETWORK =
  /^(urllib(\.request)?|http\.client|socket|ssl|ftplib|smtplib|asyncio\.streams|subprocess|telnetlib|xmlrpc\.client)$/;

/** Packages that everybody uses and that talk to nobody. */
const QUIET =
  /^(zod|pino|winston|dotenv|yaml|lodash|go\.uber\.org\/|golang\.org\/x\/(sync|exp|text)|github\.com\/(rs\/zerolog|sirupsen\/logrus|stretchr|google\/uuid|pkg\/errors)|gopkg\.in\/yaml|structlog|loguru|pydantic|typing_extensions|attrs?|google\.protobuf|opentelemetry|@opentelemetry\/)/;

/** Whether importing a module means talking to another system: a network module, or a third party's package. */
export function isNetworkModule(language: LanguageId, module: string): boolean {
  if (SDK_MODULES[language].test(module) || QUIET.test(module)) return false;
  switch (language) {
    case 'go':
      return GO_NETWORK.test(module) || (module.split('/')[0] ?? '').includes('.');
    case 'typescript':
      if (module.startsWith('.')) return false;
      return NODE_NETWORK.test(module) || !(module.startsWith('node:') || NODE_BUILTINS.has(module));
    case 'python':
      if (module.startsWith('.')) return false;
      return PYTHON_NETWORK.test(module) || KNOWN_PYTHON_CLIENTS.test(module);
    default: {
      const never: never = language;
      throw new TypeError(`unknown language ${JSON.stringify(never)}`);
    }
  }
}

const NODE_BUILTINS = new Set(
  'assert buffer crypto events fs path os process stream timers url util zlib worker_threads perf_hooks'.split(
    ' ',
  ),
);

/** A bare Python import may be a file of the project, so third parties are known by name. */
const KNOWN_PYTHON_CLIENTS =
  /^(requests|httpx|aiohttp|urllib3|grpc|grpclib|websockets|websocket|boto3|botocore|aiobotocore|google\.cloud|azure|kubernetes|kubernetes_asyncio|psycopg2?|asyncpg|sqlalchemy|pymysql|mysql|pymongo|motor|elasticsearch|opensearchpy|prometheus_api_client|kafka|aiokafka|confluent_kafka|pika|paramiko|ldap3|jira|github|gitlab|slack_sdk|influxdb(_client)?|cassandra|clickhouse_(driver|connect)|docker|consul|hvac|zeep)(\.|$)/;
