const scopesBySet = new Map<string, readonly string[]>();

/** Makes names of sets of scopes known, such as those of a vendor: a new key that is given a name gets the scopes. */
export function registerScopeSets(sets: Readonly<Record<string, readonly string[]>>): void {
  for (const [name, scopes] of Object.entries(sets)) scopesBySet.set(name, scopes);
}

/** The scopes with those of the sets in place of their names. */
export function withoutSets(scopes: readonly string[]): string[] {
  return [...new Set(scopes.flatMap((scope) => scopesBySet.get(scope) ?? [scope]))];
}

/** The names of the sets. */
export function scopeSetNames(): string[] {
  return [...scopesBySet.keys()];
}
