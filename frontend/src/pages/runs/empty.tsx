/** Where there are no rows: how to get some. */

import { type View, allTries, clearFilters, isFiltered, setFilter } from "../../logic/filters";
import { setQuery } from "../../state/location";
import { Notice } from "../../ui/notice";

export function Empty({ view }: { view: View }) {
  if (view.cursor !== null) return <BeyondTheEnd />;
  if (isFiltered(view)) return <NoMatch view={view} />;
  return <NoRunsYet />;
}

const NoMatch = ({ view }: { view: View }) => (
  <Notice title="No run matches">
    <p>
      {view.q !== null && !view.q.includes("*")
        ? "The name must contain the text; upper and lower case are the same."
        : "Take a filter away to see more. What matches later appears here by itself."}
    </p>
    <p class="actions">
      <button type="button" class="button primary" onClick={() => setQuery(clearFilters())}>
        Clear the filters
      </button>
      {!allTries(view) && (
        <button type="button" class="button" onClick={() => setQuery(setFilter("tries", "all"))}>
          Look in all tries
        </button>
      )}
    </p>
  </Notice>
);

const BeyondTheEnd = () => (
  <Notice title="Nothing is left of this page">
    <p class="actions">
      <button type="button" class="button primary" onClick={() => setQuery({ cursor: null, from: null })}>
        To the first page
      </button>
    </p>
  </Notice>
);

const EXAMPLE = `prodiguer --url ${window.location.origin} send 0000 \\
    simuid=$(uuidgen) jobuid=$(uuidgen) name=my.first.run \\
    centre=TGCC machine=irene login=$(id -un) model=IPSLCM6 \\
    space=TEST experiment=piControl \\
    startDate=1850-01-01 endDate=1859-12-31`;

const NoRunsYet = () => (
  <Notice title="No runs yet">
    <p>A run appears here, by itself, with its first message. A model sends it by mail or HTTP; by hand it is:</p>
    <pre class="code-block example" tabIndex={0}>
      {EXAMPLE}
    </pre>
    <p class="quiet small">
      <code>prodiguer demo</code> starts a simulated computing centre that sends such messages.
    </p>
  </Notice>
);
