import { AnswerFault, readText, show } from './checks.ts';
import { toPascalCase } from './names.ts';

/** An action the person asks for beside those of the blueprint: a READ one, a search in the backend. */
export interface OwnAction {
  readonly id: string;
  readonly description: string;
}

const ACTION_ID = /^[a-z][a-z0-9_]{1,62}$/;
const MAX_ACTIONS = 20;
/** What blueprints call their own actions. */
const TAKEN = new Set(
  [
    'get_item list_items update_item delete_item',
    'summarise_numbers list_windows update_threshold delete_threshold',
  ].flatMap((line) => line.split(' ')),
);

/** `find_errors:Finds errors`, as a flag has it, or an object, as a file has it. */
function readOne(value: unknown): OwnAction {
  const [id, description] =
    typeof value === 'string'
      ? [value.split(':', 1)[0], value.includes(':') ? value.slice(value.indexOf(':') + 1).trim() : undefined]
      : isRecord(value)
        ? [value.id, value.description]
        : [undefined, undefined];
  if (typeof id !== 'string' || description === undefined)
    throw new AnswerFault(`${show(value)} is no action, use id:"description".`);
  if (!ACTION_ID.test(id))
    throw new AnswerFault(
      `${show(id)} is no action id: use 2 to 63 lower-case letters, digits and underscores, a letter first.`,
    );
  if (TAKEN.has(id))
    throw new AnswerFault(`The id ${id} is reserved for an action of the blueprint, choose another.`);
  return { id, description: readText(`description of the action ${id}`, description) };
}

/** The actions of flags or of a file; ids must stay apart in every language's spelling. */
export function readActions(value: unknown): readonly OwnAction[] {
  if (!Array.isArray(value)) throw new AnswerFault(`The actions must be a list, not ${show(value)}.`);
  if (value.length > MAX_ACTIONS)
    throw new AnswerFault(`There are ${value.length} actions, at most ${MAX_ACTIONS} are allowed.`);
  const seen = new Map<string, string>();
  return value.map((item: unknown) => {
    const action = readOne(item);
    const spelling = toPascalCase(action.id);
    const other = seen.get(spelling);
    if (other !== undefined)
      throw new AnswerFault(`The actions ${other} and ${action.id} are too much alike.`);
    seen.set(spelling, action.id);
    return action;
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
