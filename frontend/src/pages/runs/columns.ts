/** The columns, each with what it can be sorted by: the first word heads its first line. */

export interface Key {
  field: string;
  label: string;
  /** The greatest first when it is pressed for the first time. */
  greatestFirst?: boolean;
}

export interface Column {
  name: string;
  keys: Key[];
  /** Said where it cannot be sorted by. */
  label?: string;
}

export const COLUMNS: Column[] = [
  { name: "state", keys: [{ field: "state", label: "State" }] },
  {
    name: "run",
    keys: [
      { field: "name", label: "Run" },
      { field: "model", label: "Model" },
      { field: "experiment", label: "Experiment" },
    ],
  },
  { name: "progress", keys: [{ field: "progress", label: "Progress", greatestFirst: true }] },
  { name: "jobs", keys: [], label: "Jobs" },
  { name: "try", keys: [{ field: "try", label: "Try", greatestFirst: true }] },
  {
    name: "place",
    keys: [
      { field: "machine", label: "Machine" },
      { field: "centre", label: "Centre" },
    ],
  },
  {
    name: "owner",
    keys: [
      { field: "login", label: "Login" },
      { field: "space", label: "Space" },
    ],
  },
  {
    name: "times",
    keys: [
      { field: "started_at", label: "Started", greatestFirst: true },
      { field: "last_message_at", label: "Last message", greatestFirst: true },
    ],
  },
];

/** What a press on a key sorts by, when the list is sorted by `current`. */
export function pressed(key: Key, current: string): string {
  const [up, down] = [key.field, `-${key.field}`];
  if (current === up) return down;
  if (current === down) return up;
  return key.greatestFirst ? down : up;
}
