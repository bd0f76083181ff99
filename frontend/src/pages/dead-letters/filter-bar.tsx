/** Which letters are shown: each choice is in the address. */

import { query, setQuery } from "../../state/location";
import { Icon } from "../../ui/icon";
import { type FilterName, filterOf, isFiltered, SPANS } from "./filter";
import { DOOR_NAMES, doorWord, meaningOf, REASONS, STAGE_NAMES, stageWord } from "./reasons";
import { apps, list } from "./store";

type Choice = [value: string, words: string];

export function FilterBar() {
  const filter = filterOf(query.value);
  const letters = list.value?.rows.map((row) => row.letter) ?? [];
  const seen = (field: "door" | "app") => letters.map((letter) => letter[field]).filter((value) => value !== null);
  return (
    <div class="dead-filters">
      <Resent value={filter.resent} />
      <Select name="reason" label="Reason" any="All reasons" value={filter.reason} choices={reasonChoices(letters.map(({ reason }) => reason))} />
      <Select name="stage" label="Stage" any="All stages" value={filter.stage} choices={STAGE_NAMES.map((name): Choice => [name, stageWord(name)])} />
      <Select name="door" label="Door" any="All doors" value={filter.door} choices={named([...DOOR_NAMES, ...seen("door")], doorWord)} />
      <Select name="app" label="App" any="All apps" value={filter.app} choices={named([...apps.value, ...seen("app")])} />
      <Select name="since" label="Since" any="Any time" value={filter.since} choices={[...SPANS]} />
      {filter.mail && <MailChip mail={filter.mail} />}
      {isFiltered(filter) && (
        <button type="button" class="button bare" onClick={clearFilters}>
          Clear filters
        </button>
      )}
    </div>
  );
}

export function clearFilters(): void {
  choose({ resent: null, reason: null, stage: null, door: null, app: null, since: null, mail: null });
}

/** Another filter is another list, shown from its beginning. */
function choose(changes: Partial<Record<FilterName, string | null>>): void {
  setQuery({ ...changes, cursor: null });
}

const named = (names: readonly string[], words: (name: string) => string = (name) => name): Choice[] =>
  [...new Set(names)].map((name): Choice => [name, words(name)]);

function reasonChoices(seen: readonly string[]): Choice[] {
  const codes = new Set([...seen.map((reason) => reason.split(":", 1)[0] ?? ""), ...REASONS]);
  return [...codes].filter(Boolean).map((code): Choice => [code, meaningOf(code).words]);
}

interface SelectProps {
  name: FilterName;
  label: string;
  any: string;
  value: string | undefined;
  choices: Choice[];
}

function Select({ name, label, any, value, choices }: SelectProps) {
  // What an address asks for can be chosen, though nobody has heard of it.
  const all = value && !choices.some(([one]) => one === value) ? [...choices, [value, value] satisfies Choice] : choices;
  return (
    <select
      class={value ? "field chosen" : "field"}
      aria-label={label}
      value={value ?? ""}
      onChange={(event) => choose({ [name]: event.currentTarget.value })}
    >
      <option value="">{any}</option>
      {all.map(([one, words]) => (
        <option key={one} value={one}>
          {words}
        </option>
      ))}
    </select>
  );
}

const RESENT: [value: string | null, words: string][] = [
  [null, "All"],
  ["false", "Waiting"],
  ["true", "Resent"],
];

const Resent = ({ value }: { value: string | undefined }) => (
  <div class="segments" role="group" aria-label="Resent or not">
    {RESENT.map(([one, words]) => (
      <button key={words} type="button" class="button" aria-pressed={(value ?? null) === one} onClick={() => choose({ resent: one })}>
        {words}
      </button>
    ))}
  </div>
);

const MailChip = ({ mail }: { mail: string }) => (
  <span class="chip">
    <Icon name="mail" />
    <span class="clip mono" title={mail}>
      Mail {mail.slice(0, 10)}
    </span>
    <button type="button" class="button bare icon" aria-label="Show letters of all mails" onClick={() => choose({ mail: null })}>
      <Icon name="close" />
    </button>
  </span>
);
