import { go } from './go.ts';
import type { Language } from './language.ts';
import { python } from './python.ts';
import { typescript } from './typescript.ts';

/** Every language, in the order they are tried where a folder has several manifests. */
export const LANGUAGES: readonly Language[] = [typescript, go, python];
