// The alphabet of GSM 03.38 (3GPP TS 23.038, table 6.2.1); those of its extension take two places.
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENSION = '^{}\\[~]|€\f';

const places = new Map<string, number>([
  ...[...BASIC].map((character) => [character, 1] as const),
  ...[...EXTENSION].map((character) => [character, 2] as const),
]);

const LIMITS = { gsm7: { alone: 160, split: 153 }, ucs2: { alone: 70, split: 67 } } as const;

/** Parts filled with pieces that must not be torn apart. */
function partsOf(sizes: number[], limit: number): number {
  let parts = 1;
  let filled = 0;
  for (const size of sizes) {
    if (filled + size > limit) {
      parts += 1;
      filled = 0;
    }
    filled += size;
  }
  return parts;
}

/** How many parts a text message is sent as: 160 GSM characters, or 70 UTF-16 units, 153 and 67 when it is split. */
export function segmentsOf(text: string): number {
  const characters = [...text];
  const isGsm = characters.every((character) => places.has(character));
  const sizes = characters.map((character) => (isGsm ? (places.get(character) ?? 1) : character.length));
  const { alone, split } = isGsm ? LIMITS.gsm7 : LIMITS.ucs2;
  const size = sizes.reduce((sum, one) => sum + one, 0);
  return size <= alone ? 1 : partsOf(sizes, split);
}
