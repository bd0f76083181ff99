/** Parts of a page, each with an address of its own. */

import { count } from "../logic/formats";
import { Link } from "./link";

export interface Tab {
  id: string;
  label: string;
  address: string;
  tally?: number | undefined;
}

export const Tabs = ({ tabs, current, label }: { tabs: Tab[]; current: string; label: string }) => (
  <nav class="tabs" aria-label={label}>
    {tabs.map((tab) => (
      <Link key={tab.id} to={tab.address} {...(tab.id === current ? { "aria-current": "page" as const } : {})}>
        {tab.label}
        {tab.tally !== undefined && <span class="tally">{count(tab.tally)}</span>}
      </Link>
    ))}
  </nav>
);
