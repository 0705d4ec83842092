// Phone numbers for leads that are made: each is given once, so that none is a duplicate.
let last = 4_000_000_000;

/** A number that no lead has. */
export function newPhone() {
  last += 1;
  return `+1${last}`;
}
