/** What the setup of this run has to undo, in the order it was done. */
export const teardownSteps: (() => Promise<unknown>)[] = [];

/** Undoes the setup, the last step first; a step that fails does not keep the others from running. */
export default async function globalTeardown(): Promise<void> {
  const failures: unknown[] = [];
  for (const step of teardownSteps.splice(0).reverse()) {
    await step().catch((error) => failures.push(error));
  }
  if (failures.length > 0) throw new AggregateError(failures, 'The test databases were not tidied up');
}
