/** Parts of a page, each with an address of its own. */

import { useEffect, useRef } from "preact/hooks";
import { count } from "../logic/formats";
import { Link } from "./link";

export interface Tab {
  id: string;
  label: string;
  address: string;
  tally?: number | undefined;
}

export function Tabs({ tabs, current, label }: { tabs: Tab[]; current: string; label: string }) {
  const strip = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the strip is longer than the screen: the page itself must not move for it.
    const here = strip.current?.querySelector<HTMLElement>("[aria-current]");
    if (here && strip.current) strip.current.scrollLeft = here.offsetLeft - (strip.current.clientWidth - here.offsetWidth) / 2;
  }, [current]);
  return (
    <nav ref={strip} class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.id} to={tab.address} {...(tab.id === current ? { "aria-current": "page" as const } : {})}>
          {tab.label}
          {tab.tally !== undefined && <span class="tally">{count(tab.tally)}</span>}
        </Link>
      ))}
    </nav>
  );
}
