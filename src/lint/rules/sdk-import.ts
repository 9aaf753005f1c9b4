import { suggestName } from '../../support/nearest.ts';
import type { Rule } from '../types.ts';
import { checked } from './kit.ts';

const words = (text: string): readonly string[] => text.split(' ');
const TYPES = words(
  'Action ConfigParam DevOpsStage ExecuteRequest ExecuteResponse ExecutionMode IntentPattern LicenseContext LicenseQuotas ParamSchema Permission Plugin PluginInfo PluginSchema PromptTemplate RoutingSemantics ROUTING_SEMANTICS_SCHEMA_VERSION_V1',
);
/** What each module of the Python SDK offers; a module without a list is not looked into. */
const OFFERS: Readonly<Record<string, readonly string[] | undefined>> = {
  mirastack_sdk: [
    ...TYPES,
    ...words(
      'EngineContext datetimeutils respond_error respond_json respond_map respond_raw serve __version__ plugin context respond',
    ),
  ],
  'mirastack_sdk.plugin': [...TYPES, 'TimeRange'],
};
const MODULES =
  /^mirastack_sdk(\.(plugin|context|datetimeutils|respond|serve|obs|gen|tenantid|validate|grpc_msgsize)(\..*)?)?$/;
const MEANT: Readonly<Record<string, string>> = {
  MirastackPlugin: 'the class is called Plugin',
  TimeRange: 'it is in mirastack_sdk.plugin',
  EngineClient: 'it is called EngineContext and reached as self._engine_context',
};

export const sdkImport: Rule = {
  id: 'sdk-import',
  title: 'What is imported from the SDK exists there',
  group: 'sdk',
  severity: 'error',
  why: 'The guide’s Python sample imports names that the SDK does not have: the agent ends with an ImportError.',
  mend: 'Import what the SDK has: Plugin, PluginInfo, PluginSchema, Action, ParamSchema and the others from mirastack_sdk.',
  languages: ['python'],
  examples: {
    python: {
      bad: 'from mirastack_sdk.plugin import MirastackPlugin',
      good: 'from mirastack_sdk import Plugin',
    },
  },
  check({ workspace }) {
    return checked(
      workspace.agentFiles.flatMap((file) =>
        file.imports.flatMap((item) => {
          if (!/^mirastack_sdk(\.|$)/.test(item.module)) return [];
          const place = file.placeOf(item);
          if (!MODULES.test(item.module)) return [{ message: `the SDK has no module ${item.module}`, place }];
          const offers = OFFERS[item.module];
          if (offers === undefined || item.name === '' || item.name === '*' || offers.includes(item.name))
            return [];
          const hint = MEANT[item.name] ?? suggestName(item.name, offers).replace(/ $/, '');
          return [{ message: `${item.module} has no ${item.name}${hint === '' ? '' : `: ${hint}`}`, place }];
        }),
      ),
    );
  },
};
