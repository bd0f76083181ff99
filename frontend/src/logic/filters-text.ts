/**
 * Searches in names, by the API's rules: without `*` a name that contains the text; with `*`,
 * which stands for any text, the whole name. ASCII letters match in both cases.
 */

export function nameMatches(query: string, name: string | null): boolean {
  if (name === null) return false;
  const folded = foldAscii(name);
  const forms = new Set([query, query.normalize("NFC"), query.normalize("NFD")]);
  return [...forms].some((form) => fits(foldAscii(form), folded));
}

const foldAscii = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function fits(query: string, name: string): boolean {
  const pieces = query.split("*");
  if (pieces.length === 1) return name.includes(query);
  const first = pieces[0] ?? "";
  const last = pieces.at(-1) ?? "";
  if (!name.startsWith(first)) return false;
  let at = first.length;
  // The earliest place of each piece leaves the most room for those after it.
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
