import { describe, expect, it } from "vitest";
import {
  type Changes,
  apiQuery,
  chipsOf,
  clearFilters,
  countsQuery,
  isFiltered,
  setFilter,
  setPage,
  setPageSize,
  setSort,
  toggleFacet,
  viewOf,
} from "./filters";

/** What the address becomes. */
function changed(search: string, changes: Changes): string {
  const parameters = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) parameters.delete(name);
    else parameters.set(name, value);
  }
  return parameters.toString();
}

describe("a view in the address", () => {
  it("is the whole list, newest first, where nothing is said", () => {
    const view = viewOf("");

    expect(apiQuery(view)).toBe("sort=-started_at&limit=50");
    expect(view.from).toBe(1);
    expect(isFiltered(view)).toBe(false);
  });

  it("reaches the API as it was written, bad values too", () => {
    const view = viewOf("?state=nonsense&limit=0&sort=height&since=9Y&q=50%25*&tries=some");

    expect(Object.fromEntries(new URLSearchParams(apiQuery(view)))).toEqual({
      state: "nonsense",
      limit: "0",
      sort: "height",
      since: "9Y",
      q: "50%*",
      tries: "some",
    });
  });

  it("ignores parameters of others and empty ones", () => {
    expect(apiQuery(viewOf("?utm_source=mail&machine=&theme=dark"))).toBe(apiQuery(viewOf("")));
  });

  it("keeps the number of the first row only beside a cursor", () => {
    expect(viewOf("?from=51").from).toBe(1);
    expect(viewOf("?from=51&cursor=abc").from).toBe(51);
    expect(viewOf("?from=-3&cursor=abc").from).toBe(1);
    expect(viewOf("?from=1e9&cursor=abc").from).toBe(1);
  });

  it("asks for the counts with the filters alone", () => {
    const view = viewOf("?machine=irene&q=a&sort=name&cursor=abc&limit=200&tries=all");

    expect(countsQuery(view)).toBe("machine=irene&q=a&tries=all&limit=1");
  });
});

describe("a change", () => {
  it("of a filter, the sort or the size goes back to the first page", () => {
    const here = "q=a&cursor=abc&from=51";

    expect(changed(here, setFilter("machine", "irene"))).toBe("q=a&machine=irene");
    expect(changed(here, setSort("name"))).toBe("q=a&sort=name");
    expect(changed(here, setPageSize("200"))).toBe("q=a&limit=200");
  });

  it("to what is usual leaves the address short", () => {
    expect(changed("sort=name&limit=200", { ...setSort("-started_at"), ...setPageSize("50") })).toBe("");
    expect(changed("cursor=abc&from=51", setPage(null, 1))).toBe("");
  });

  it("to the value that is chosen takes it away", () => {
    const view = viewOf("?state=error");

    expect(toggleFacet(view, "state", "error")["state"]).toBeNull();
    expect(toggleFacet(view, "state", "late")["state"]).toBe("late");
  });

  it("clears all filters and leaves the rest", () => {
    const here = "state=error&q=a&since=1W&login=amartin&sort=name&tries=all&cursor=abc&from=51";

    expect(changed(here, clearFilters())).toBe("sort=name&tries=all");
  });
});

it("tells what is in force, each with the way out of it", () => {
  const chips = chipsOf(viewOf("?q=CM6*&state=error&since=2W&tries=all&sort=name"));

  expect(chips.map(({ name, value }) => `${name}: ${value}`)).toEqual([
    "Name: CM6*",
    "State: error",
    "Heard of: last 2 weeks",
  ]);
  expect(changed("q=CM6*&state=error", chips[1]!.remove)).toBe("q=CM6*");
});
