/** What is to come, before the first answer; not to be seen if that is quick. */

const ROWS = Array.from({ length: 12 }, (_, row) => row);

export const Skeleton = () => (
  <div class="list-skeleton" aria-busy="true">
    <span class="unseen">The list is being loaded</span>
    {ROWS.map((row) => (
      <div key={row} class="list-skeleton-row" aria-hidden="true">
        <span />
        <span />
        <span />
        <span />
      </div>
    ))}
  </div>
);
