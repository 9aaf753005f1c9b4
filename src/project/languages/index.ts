import type { Language } from './language.ts';
import { typescript } from './typescript.ts';

/** Every language, in the order they are tried where a folder has several manifests. */
export const LANGUAGES: readonly Language[] = [typescript];
