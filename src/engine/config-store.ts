import type { ConfigParam, PluginInfo } from '../contract/index.ts';
import { UserError } from '../support/errors.ts';
import { expectedOfConfig } from './config-value.ts';
import { excerpt } from './excerpt.ts';
import type { Secrets } from './secrets.ts';
import { isNumber, isTexts, shapeOf } from './state/shape.ts';
import type { StateFile } from './state/state-file.ts';

const MASK = '***';

/** One setting of an agent, as people may see it. */
export interface ConfigEntry {
  /** As the platform's settings store calls it: `plugin.{name}.{key}`. */
  readonly path: string;
  readonly key: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
  readonly isSecret: boolean;
  /** `***` for a secret that is set; empty when there is no value. */
  readonly value: string;
  /** `operator` when somebody set it, `default` when the agent's own value holds, `unset` without either. */
  readonly source: 'operator' | 'default' | 'unset';
}

/** The settings of one agent. */
export interface ConfigView {
  readonly agent: string;
  readonly tenantId: string;
  /** Grows with every change. */
  readonly version: number;
  readonly entries: readonly ConfigEntry[];
}

/** The full map as agents get it, secrets in clear. */
export interface ConfigSnapshot {
  readonly config: Readonly<Record<string, string>>;
  readonly version: number;
}

interface Settings {
  /** What an operator set; everything else is a default. */
  readonly values: Record<string, string>;
  version: number;
}

const isSettings = shapeOf({ values: isTexts, version: isNumber });

/** How much of a wrong value an error shows. */
const MAX_SHOWN = 60;

const keyOf = (tenantId: string, agent: string): string => `${tenantId}/${agent}`;

/**
 * What operators set for agents, kept at `plugin.{name}.{key}` of a tenant. An agent's defaults hold only where
 * nobody has set a value, and are never written down: a changed default holds at the next registration.
 */
export class ConfigStore {
  readonly #file: StateFile;
  readonly #settings = new Map<string, Settings>();
  readonly #declared = new Map<string, readonly ConfigParam[]>();
  readonly #secrets: Secrets;
  /** The highest version of settings that were forgotten: an agent that comes back must not see it fall. */
  #forgottenVersion = 0;

  constructor(file: StateFile, secrets: Secrets) {
    this.#file = file;
    this.#secrets = secrets;
  }

  /** Takes what an earlier engine knew. @returns how many records were not usable */
  restore(document: unknown): number {
    const records = Object.entries((document ?? {}) as Record<string, unknown>);
    const usable = records.filter(([, record]) => isSettings(record)) as [string, Settings][];
    for (const [key, { values, version }] of usable)
      this.#settings.set(key, { values: Object.assign(Object.create(null), values), version });
    return records.length - usable.length;
  }

  /**
   * Learns what an agent declares.
   * @returns what its author should know, one sentence each: required settings without a value, and values that are
   *   not of the declared type
   */
  declare(tenantId: string, { name, configParams = [] }: PluginInfo): string[] {
    const key = keyOf(tenantId, name);
    const before = JSON.stringify(this.snapshot(tenantId, name).config);
    this.#declared.set(key, configParams);
    const settings = this.#settingsOf(key);
    if (settings.version === 0 || before !== JSON.stringify(this.snapshot(tenantId, name).config)) {
      settings.version++;
      void this.#save();
    }
    for (const param of configParams) {
      if (!param.isSecret) continue;
      this.#secrets.add(param.default ?? '');
      this.#secrets.add(this.#valueOf(settings, param) ?? '');
    }
    const unset = configParams
      .filter((param) => param.required && this.#valueOf(settings, param) === undefined)
      .map((param) => param.key);
    return [
      ...(unset.length > 0
        ? [`${name} needs the configuration ${unset.join(', ')}, which has no value yet`]
        : []),
      ...configParams.flatMap((param) => {
        const expected = expectedOfConfig(param.type, this.#valueOf(settings, param) ?? '');
        return this.#valueOf(settings, param) === undefined || expected === undefined
          ? []
          : [`the value of ${param.key} of ${name} is not ${expected}, as its type ${param.type} asks`];
      }),
    ];
  }

  /** Forgets what an agent declared that is gone; what operators set stays. */
  forget(tenantId: string, agent: string): void {
    const key = keyOf(tenantId, agent);
    this.#declared.delete(key);
    const settings = this.#settings.get(key);
    if (settings === undefined || Object.keys(settings.values).length > 0) return;
    this.#forgottenVersion = Math.max(this.#forgottenVersion, settings.version);
    this.#settings.delete(key);
  }

  /** The merged map for the agent; what operators set for one that is not registered now: agents read while they start. */
  snapshot(tenantId: string, agent: string): ConfigSnapshot {
    const settings = this.#settings.get(keyOf(tenantId, agent));
    const declared = this.#declared.get(keyOf(tenantId, agent));
    if (declared === undefined) return { config: { ...settings?.values }, version: settings?.version ?? 0 };
    const config: Record<string, string> = Object.create(null);
    for (const param of declared) {
      const value = this.#valueOf(settings, param);
      if (value !== undefined) config[param.key] = value;
    }
    return { config, version: settings?.version ?? 0 };
  }

  /** What people may see. */
  view(tenantId: string, agent: string): ConfigView {
    const settings = this.#settings.get(keyOf(tenantId, agent));
    const entries = (this.#declared.get(keyOf(tenantId, agent)) ?? []).map((param): ConfigEntry => {
      const value = this.#valueOf(settings, param);
      const isSecret = param.isSecret === true;
      return {
        path: `plugin.${agent}.${param.key}`,
        key: param.key,
        type: param.type,
        required: param.required,
        description: param.description,
        isSecret,
        value: isSecret && value !== undefined ? MASK : (value ?? ''),
        source:
          settings !== undefined && Object.hasOwn(settings.values, param.key)
            ? 'operator'
            : value === undefined
              ? 'unset'
              : 'default',
      };
    });
    return { agent, tenantId, version: settings?.version ?? 0, entries };
  }

  /**
   * Sets one value; `undefined` goes back to the default. Resolves when it is kept.
   * @throws UserError unknown-config-key, bad-config-value
   */
  async set(tenantId: string, agent: string, key: string, value: string | undefined): Promise<void> {
    const declared = this.#declared.get(keyOf(tenantId, agent)) ?? [];
    const param = declared.find((item) => item.key === key);
    if (param === undefined)
      throw new UserError({
        kind: 'usage',
        code: 'unknown-config-key',
        message: `${agent} declares no configuration key ${JSON.stringify(key)}.`,
        hint:
          declared.length > 0
            ? `It declares ${declared.map((item) => item.key).join(', ')}.`
            : 'It declares none.',
      });
    const expected = value === undefined ? undefined : expectedOfConfig(param.type, value);
    if (expected !== undefined)
      throw new UserError({
        kind: 'usage',
        code: 'bad-config-value',
        // A secret stays one, also when it is wrong.
        message: `${param.isSecret ? 'The value' : JSON.stringify(excerpt(value ?? '', MAX_SHOWN))} is no value for ${key} of ${agent}: expected ${expected}.`,
        hint: `Its type is ${param.type}; \`mirastack-agent config ${agent}\` shows what is set.`,
      });
    const settings = this.#settingsOf(keyOf(tenantId, agent));
    if (value === undefined) delete settings.values[key];
    else settings.values[key] = value;
    if (param.isSecret && value !== undefined) this.#secrets.add(value);
    settings.version++;
    await this.#save();
  }

  #settingsOf(key: string): Settings {
    const settings = this.#settings.get(key) ?? {
      values: Object.create(null),
      version: this.#forgottenVersion,
    };
    this.#settings.set(key, settings);
    return settings;
  }

  #valueOf(settings: Settings | undefined, param: ConfigParam): string | undefined {
    if (settings !== undefined && Object.hasOwn(settings.values, param.key))
      return settings.values[param.key];
    // The wire cannot tell an empty default from none.
    return param.default === undefined || param.default === '' ? undefined : param.default;
  }

  #save(): Promise<void> {
    return this.#file.save(() => Object.fromEntries(this.#settings));
  }
}
