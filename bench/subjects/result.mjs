// The results that every subject answers with; bench/go/agent makes the same.

const STATUSES = ['healthy', 'degraded', 'down'];

function makeItem(number) {
  return {
    id: `item-${String(number).padStart(5, '0')}`,
    name: `Payment service ${number}`,
    status: STATUSES[number % STATUSES.length],
    owner: 'platform@example.test',
    load: (number * 7) % 100,
  };
}

/** An object whose JSON is exactly `size` bytes long. */
function makeResult(size) {
  const items = [];
  let missing = size - JSON.stringify({ items, padding: '' }).length;
  for (;;) {
    const item = makeItem(items.length);
    const length = JSON.stringify(item).length + (items.length === 0 ? 0 : 1);
    if (length > missing) break;
    items.push(item);
    missing -= length;
  }
  return { items, padding: 'x'.repeat(missing) };
}

const results = new Map();

/** The result of `size` bytes. Made once, with the first call: a subject's start must not pay for it. */
export function resultOf(size) {
  let result = results.get(size);
  if (result === undefined) {
    result = makeResult(size);
    results.set(size, result);
  }
  return result;
}
