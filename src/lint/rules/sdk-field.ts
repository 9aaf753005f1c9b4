import { SDK_MODULES } from '../agent/modules.ts';
import { fieldNameIn, SDK_TYPES, sdkField } from '../sdk/types.ts';
import type { Finding, Rule } from '../types.ts';
import { checked } from './kit.ts';

/** What the guide's samples call a field, and what the SDKs do. */
const MEANT: Readonly<Record<string, string>> = {
  'PluginInfo.permission': 'permissions',
  'Action.name': 'id',
  'Action.params': 'inputParams',
  'IntentPattern.action': 'pattern',
  'Action.devopsstages': 'stages',
};
const REQUIRED_IN_PYTHON: Readonly<Record<string, readonly string[]>> = {
  PluginInfo: ['name', 'version'],
  Action: ['id'],
  ParamSchema: ['name', 'type'],
  ConfigParam: ['key'],
  IntentPattern: ['pattern'],
  PromptTemplate: ['name'],
};

export const sdkFieldRule: Rule = {
  id: 'sdk-field',
  title: 'Types of the SDK are written with the fields that they have',
  group: 'sdk',
  severity: 'error',
  why: 'The guide’s samples use fields that no SDK has: Go does not compile them, Python raises a TypeError when the agent starts.',
  mend: 'Use the SDK’s own fields.',
  languages: ['go', 'python'],
  examples: {
    go: {
      bad: 'mirastack.PluginInfo{Permission: mirastack.PermissionRead}',
      good: 'mirastack.PluginInfo{Permissions: []mirastack.Permission{mirastack.PermissionRead}}',
    },
    python: { bad: 'Action(name="get_item")', good: 'Action(id="get_item")' },
  },
  check({ workspace, language }) {
    const findings: Finding[] = [];
    for (const { file, node } of workspace.records()) {
      const { type } = node;
      const fields = type === undefined ? undefined : SDK_TYPES[type];
      if (type === undefined || fields === undefined || node.isMap) continue;
      if (!file.imports.some(({ module }) => SDK_MODULES[language].test(module))) continue;
      for (const written of node.fields) {
        if (written.name === '') continue;
        const field = sdkField(type, written.name);
        if (field !== undefined && fieldNameIn(language, field) !== undefined) continue;
        const meant = sdkField(
          type,
          MEANT[`${type}.${written.name.replaceAll('_', '').toLowerCase()}`] ?? '',
        );
        const name = meant === undefined ? undefined : fieldNameIn(language, meant);
        findings.push({
          message: `${type} has no field ${written.name}${name === undefined ? '' : `: it is called ${name}`}`,
          place: file.placeOf(written),
        });
      }
      if (language !== 'python' || node.spreads.length > 0) continue;
      for (const name of REQUIRED_IN_PYTHON[type] ?? [])
        if (
          !node.fields.some(
            (written) =>
              sdkField(type, written.name)?.name === name || MEANT[`${type}.${written.name}`] === name,
          )
        )
          findings.push({ message: `${type} is made without its ${name}`, place: file.placeOf(node) });
    }
    return checked(findings);
  },
};
