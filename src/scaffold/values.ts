import { type Family, LICENSES, type PackageManager } from './choices.ts';
import { commandsOf } from './commands.ts';
import { toOneLine } from './escape.ts';
import { deriveNames, isReserved, toCamelCase, toPascalCase } from './names.ts';
import type { OwnAction } from './own-action.ts';
import type { Answers } from './question.ts';
import { GO_SDK_VERSION, PYTHON_SDK_VERSION } from './sdk-versions.ts';
import { toNpxPackage } from './toolkit.ts';

/** What a template may use: a text, a switch, or a list. */
export type TemplateValue = string | boolean | readonly (string | Readonly<Record<string, string>>)[];
export type TemplateValues = Readonly<Record<string, TemplateValue>>;

const MAX_SUMMARY_LENGTH = 200;
/** The platform's bound for a use case in routing semantics (protocol.md §3.7). */
const MAX_USE_CASE_BYTES = 256;

interface TimeForm {
  /** What the converters' names end in, in camel case. */
  readonly converter: 'EpochSeconds' | 'Rfc3339' | 'EpochMicros' | 'EpochMillis';
  /** For descriptions: "the start as …". */
  readonly unit: string;
  readonly example: string;
}

const MICROS: TimeForm = {
  converter: 'EpochMicros',
  unit: 'Unix time in microseconds',
  example: '1767225600000000',
};
/** As `timeConverterFor` of the runtime has it. */
const TIME_FORMS: Readonly<Record<Family, TimeForm>> = {
  metrics: { converter: 'EpochSeconds', unit: 'Unix time in seconds', example: '1767225600' },
  logs: { converter: 'Rfc3339', unit: 'an RFC 3339 timestamp', example: '2026-01-01T00:00:00Z' },
  'traces-jaeger': MICROS,
  'traces-victoria': MICROS,
  other: { converter: 'EpochMillis', unit: 'Unix time in milliseconds', example: '1767225600000' },
};

const capitalise = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The start of a text on one line, cut between characters. */
function cut(text: string, fits: (start: string) => boolean): string {
  let result = '';
  for (const char of toOneLine(text)) {
    if (!fits(result + char)) return result.trimEnd();
    result += char;
  }
  return result;
}

const summarise = (text: string): string => cut(text, (start) => start.length <= MAX_SUMMARY_LENGTH);

/** What stands in a TypeScript project's actions.ts beside the functions of own actions. */
const TAKEN_FUNCTIONS: ReadonlySet<string> = new Set([
  ...[
    'getItem',
    'listItems',
    'updateItem',
    'deleteItem',
    'searchItems',
    'describePage',
    'listKey',
    'markChange',
  ],
  ...['summariseNumbers', 'listWindows', 'updateThreshold', 'deleteThreshold', 'sign', 'cutStretch'],
  ...['parseNumbers', 'summarise', 'parseParts', 'readStretch', 'parseEpochMs', 'createHmac'],
  ...['requireParam', 'readBounds', 'parseLimit', 'readCache', 'writeCache', 'createHash', 'randomUUID'],
  ...['respond', 'formatEpochSeconds', 'formatRfc3339', 'formatEpochMicros', 'formatEpochMillis'],
]);

/** A function's name for each action, apart from each other and from what stands beside them. */
function nameFunctions(actions: readonly OwnAction[]): readonly string[] {
  const names = new Set<string>();
  for (const { id } of actions) {
    let name = toCamelCase(id);
    while (isReserved(name) || TAKEN_FUNCTIONS.has(name) || names.has(name)) name += 'Action';
    names.add(name);
  }
  return [...names];
}

function describeAction({ id, description }: OwnAction, functionName = id): Record<string, string> {
  return {
    id,
    description,
    functionName,
    functionTitle: toPascalCase(id),
    summary: summarise(description) || id,
    useCase: cut(description, (start) => Buffer.byteLength(start) <= MAX_USE_CASE_BYTES) || id,
    phrase: id.split('_').filter(Boolean).join(' '),
  };
}

function describeTime(family: Family): TemplateValues {
  const { converter, unit, example } = TIME_FORMS[family];
  const snake = { EpochSeconds: 'epoch_seconds', Rfc3339: 'rfc3339', EpochMicros: 'epoch_micros' } as const;
  return {
    tsConverter: `format${converter}`,
    goConverter: `Format${converter.replace('Rfc', 'RFC')}`,
    pyConverter: `format_${converter === 'EpochMillis' ? 'epoch_millis' : snake[converter]}`,
    timeUnit: unit,
    timeExample: example,
    timeIsSeconds: converter === 'EpochSeconds',
    timeIsRfc3339: converter === 'Rfc3339',
    timeIsMicros: converter === 'EpochMicros',
    timeIsMillis: converter === 'EpochMillis',
  };
}

function describeLicense({ license, language, org, year }: Answers): TemplateValues {
  const isProprietary = license === 'LicenseRef-Proprietary';
  return {
    license,
    licenseName: LICENSES.find(({ id }) => id === license)?.name ?? license,
    npmLicense: isProprietary ? 'SEE LICENSE IN LICENSE' : license,
    holder: org,
    year,
    licenseIsProprietary: isProprietary,
    licenseWarns: isLooserThanSdk({ license, language }),
  };
}

/** True when the agent would be given away under terms that the AGPL of the SDK it links does not allow. */
export function isLooserThanSdk({ license, language }: Pick<Answers, 'license' | 'language'>): boolean {
  return language !== 'typescript' && (license === 'Apache-2.0' || license === 'MIT');
}

const managerFlag = (manager: PackageManager): string => `packageManagerIs${capitalise(manager)}`;

/** Every value a template, a path or a condition may use, for these answers. */
export function toValues(answers: Answers): TemplateValues {
  const { permission, backend, packageManager, stages, toolkit, goSdk } = answers;
  const commands = commandsOf(answers);
  const functionNames = nameFunctions(answers.actions);
  const managers: readonly PackageManager[] = ['npm', 'pnpm', 'yarn', 'bun', 'uv', 'pip', 'go'];
  return {
    ...deriveNames(answers.name),
    modulePath: answers.module,
    description: answers.description,
    summary: summarise(answers.description) || answers.name,
    permission,
    permissionTitle: capitalise(permission.toLowerCase()),
    permissionIsRead: permission === 'READ',
    canModify: permission !== 'READ',
    canAdmin: permission === 'ADMIN',
    stages,
    stageTitles: stages.map(capitalise),
    stageConstants: stages.map((stage) => stage.toUpperCase()),
    actions: answers.actions.map((action, index) => describeAction(action, functionNames[index])),
    hasActions: answers.actions.length > 0,
    backendIsHttp: backend === 'http',
    backendIsGrpc: backend === 'grpc',
    backendIsNone: backend === 'none',
    hasBackend: backend !== 'none',
    backendFamily: answers.backendFamily,
    ...describeTime(answers.backendFamily),
    ...describeLicense(answers),
    toolkit,
    toolkitPackage: toNpxPackage(toolkit),
    packageManager,
    ...Object.fromEntries(managers.map((manager) => [managerFlag(manager), manager === packageManager])),
    installCommand: commands.install,
    devCommand: commands.dev,
    testCommand: commands.test,
    checkCommand: commands.check,
    localToolkit: commands.localToolkit,
    runScript: commands.runScript,
    goSdkVersion: GO_SDK_VERSION,
    goSdkDirectory: goSdk,
    hasGoSdkDirectory: goSdk !== '',
    pythonSdkVersion: PYTHON_SDK_VERSION,
  };
}
