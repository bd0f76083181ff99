/**
 * Which part of the list of runs is shown, as the address of the page says it.
 *
 * The parameters are the API's own, passed on as they stand, so that a bad one is answered in the
 * API's words. `from` is the page's: the number of the first row, from 1, beside its `cursor`.
 */

export const FACETS = ["state", "machine", "centre", "login", "model", "experiment", "space", "accounting_project"] as const;
export type Facet = (typeof FACETS)[number];

export const FACET_LABELS: Record<Facet, string> = {
  state: "State",
  machine: "Machine",
  centre: "Centre",
  login: "Login",
  model: "Model",
  experiment: "Experiment",
  space: "Space",
  accounting_project: "Accounting project",
};

export const SPANS = ["1W", "2W", "1M", "2M", "3M", "6M", "12M"] as const;
export const SPAN_LABELS: Record<string, string> = {
  "1W": "week",
  "2W": "2 weeks",
  "1M": "month",
  "2M": "2 months",
  "3M": "3 months",
  "6M": "6 months",
  "12M": "12 months",
};

export const PAGE_SIZES = ["50", "100", "200"] as const;
export const DEFAULT_SORT = "-started_at";
const DEFAULT_SIZE = "50";

/** Everything is text, as the address has it; null: not given. */
export interface View {
  words: Partial<Record<Facet, string>>;
  q: string | null;
  since: string | null;
  tries: string | null;
  sort: string;
  limit: string;
  cursor: string | null;
  /** The number of the first row. */
  from: number;
}

/** Changes to the address: null takes a parameter away. */
export type Changes = Record<string, string | null>;

/** Back to the first page: a cursor belongs to its filters. */
const FIRST_PAGE: Changes = { cursor: null, from: null };

/** Reads an address; parameters that are not of the list are ignored. */
export function viewOf(search: string): View {
  const given = new URLSearchParams(search);
  const text = (name: string) => given.get(name) || null;
  const words: View["words"] = {};
  for (const facet of FACETS) {
    const word = text(facet);
    if (word !== null) words[facet] = word;
  }
  const cursor = text("cursor");
  return {
    words,
    q: text("q"),
    since: text("since"),
    tries: text("tries"),
    sort: text("sort") ?? DEFAULT_SORT,
    limit: text("limit") ?? DEFAULT_SIZE,
    cursor,
    from: cursor === null ? 1 : rowNumber(text("from")),
  };
}

function rowNumber(text: string | null): number {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 1;
}

/** The query of the API that answers a view. */
export function apiQuery(view: View): string {
  const query = filterQuery(view);
  query.set("sort", view.sort);
  query.set("limit", view.limit);
  if (view.cursor !== null) query.set("cursor", view.cursor);
  return query.toString();
}

/** The query for the counts alone, with as few rows as can be asked for. */
export function countsQuery(view: View): string {
  const query = filterQuery(view);
  query.set("limit", "1");
  return query.toString();
}

/** The query for rows from the beginning, to find where a page begins. */
export function walkQuery(view: View, limit: number, cursor: string | null): string {
  return apiQuery({ ...view, limit: String(limit), cursor });
}

function filterQuery(view: View): URLSearchParams {
  const query = new URLSearchParams();
  for (const facet of FACETS) {
    const word = view.words[facet];
    if (word !== undefined) query.set(facet, word);
  }
  if (view.q !== null) query.set("q", view.q);
  if (view.since !== null) query.set("since", view.since);
  if (view.tries !== null) query.set("tries", view.tries);
  return query;
}

export const allTries = (view: View): boolean => view.tries === "all";

/** Something is filtered out; which tries are shown is a way of looking, not a filter. */
export function isFiltered(view: View): boolean {
  return Object.keys(view.words).length > 0 || view.q !== null || (view.since !== null && view.since !== "*");
}

/** Filter by a value, or not any more if it is the one chosen. */
export const toggleFacet = (view: View, facet: Facet, value: string): Changes => ({
  ...FIRST_PAGE,
  [facet]: view.words[facet] === value ? null : value,
});

/** Change a parameter that changes which rows there are. */
export const setFilter = (name: "q" | "since" | "tries" | Facet, value: string | null): Changes => ({
  ...FIRST_PAGE,
  [name]: value,
});

export function setSort(sort: string): Changes {
  return { ...FIRST_PAGE, sort: sort === DEFAULT_SORT ? null : sort };
}

export function setPageSize(size: string): Changes {
  return { ...FIRST_PAGE, limit: size === DEFAULT_SIZE ? null : size };
}

export function setPage(cursor: string | null, from: number): Changes {
  return cursor === null ? FIRST_PAGE : { cursor, from: String(from) };
}

/** Every filter away; the sort, the size and the tries stay. */
export function clearFilters(): Changes {
  return { ...FIRST_PAGE, q: null, since: null, ...Object.fromEntries(FACETS.map((facet) => [facet, null])) };
}

/** One filter that is in force. */
export interface Chip {
  name: string;
  value: string;
  /** Without it. */
  remove: Changes;
}

export function chipsOf(view: View): Chip[] {
  const chips: Chip[] = [];
  if (view.q !== null) chips.push({ name: "Name", value: view.q, remove: setFilter("q", null) });
  for (const facet of FACETS) {
    const value = view.words[facet];
    if (value !== undefined) chips.push({ name: FACET_LABELS[facet], value, remove: setFilter(facet, null) });
  }
  if (view.since !== null && view.since !== "*") {
    const value = SPAN_LABELS[view.since] ? `last ${SPAN_LABELS[view.since]}` : `since ${view.since}`;
    chips.push({ name: "Heard of", value, remove: setFilter("since", null) });
  }
  return chips;
}
