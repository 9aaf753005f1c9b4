/** The name of a boolean value, `!name`, or a list of those that must all hold. */
export type Condition = string | readonly string[];

/** Whether a condition holds for these values. A name that is no boolean is our own mistake. */
export function holds(condition: Condition | undefined, values: Readonly<Record<string, unknown>>): boolean {
  if (condition === undefined) return true;
  const terms = typeof condition === 'string' ? [condition] : condition;
  return terms.every((term) => {
    const name = term.replace(/^!/, '');
    const value = values[name];
    if (typeof value !== 'boolean') throw new Error(`${name} is no boolean of the blueprints' values`);
    return term.startsWith('!') ? !value : value;
  });
}
