// What a test started ends with it, the last first: clients, then programs, then their folders.
const stacks = new WeakMap();

/** Calls `f` at the end of a test, before what was asked for earlier. Without a test, never. */
export function atEnd(t, f) {
  if (!t) return;
  const known = stacks.get(t);
  if (known) return void known.push(f);
  const stack = [f];
  stacks.set(t, stack);
  t.after(async () => {
    const errors = [];
    while (stack.length > 0)
      try {
        await stack.pop()();
      } catch (error) {
        errors.push(error);
      }
    if (errors.length > 0) throw errors[0];
  });
}
