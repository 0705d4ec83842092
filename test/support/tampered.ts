/**
 * What the vault has encrypted, with the first character of its last part changed.
 * The last character would not do: of the six bits that it stands for, up to four are not read.
 */
export function tampered(sealed: string): string {
  const at = sealed.lastIndexOf('.') + 1;
  return `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
}
