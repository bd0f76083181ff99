/** Where one can go, how the connection stands, and how times and colours are shown. */

import type { Route } from "../logic/routes";
import { theme, zone } from "../state/preferences";
import { locked, signedIn, signOut } from "../state/session";
import { Icon } from "../ui/icon";
import { Link } from "../ui/link";
import { DeadCount } from "./dead-count";
import { HealthBadge } from "./health-badge";

const PLACES: [page: Route["page"], address: string, label: string][] = [
  ["runs", "/", "Runs"],
  ["dead-letters", "/dead-letters", "Dead letters"],
  ["platform", "/platform", "Platform"],
];

export const TopBar = ({ page }: { page: Route["page"] }) => (
  <header class="shell-bar">
    <Link to="/" class="brand">
      <Mark />
      prodiguer
    </Link>
    <nav class="shell-nav" aria-label="Pages">
      {PLACES.map(([name, address, label]) => (
        <Link
          key={name}
          to={address}
          {...(page === name || (name === "runs" && page === "run") ? { "aria-current": "page" as const } : {})}
        >
          {label}
          {name === "dead-letters" && !locked.value && <DeadCount page={page} />}
        </Link>
      ))}
    </nav>
    <div class="shell-tools">
      <HealthBadge />
      <ZoneSwitch />
      <ThemeSwitch />
      {signedIn.value && (
        <button type="button" class="button" onClick={signOut}>
          Sign out
        </button>
      )}
    </div>
  </header>
);

/** Messages that come in and go out by topic. */
const Mark = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round">
    <path d="M2 7h5l4 5-4 5H2M11 12h4m0 0l4-6h3m-7 6h7m-7 0l4 6h3" />
  </svg>
);

function ZoneSwitch() {
  const utc = zone.value === "utc";
  return (
    <button
      type="button"
      class="button"
      title={utc ? "Times are in UTC" : "Times are local"}
      onClick={() => {
        zone.value = utc ? "local" : "utc";
      }}
    >
      {utc ? "UTC" : "Local"}
      <span class="unseen"> time; press for {utc ? "local time" : "UTC"}</span>
    </button>
  );
}

const THEMES = { auto: ["contrast", "light"], light: ["sun", "dark"], dark: ["moon", "auto"] } as const;

function ThemeSwitch() {
  const [icon, next] = THEMES[theme.value];
  return (
    <button
      type="button"
      class="button icon"
      aria-label={`Colours: ${theme.value}; press for ${next}`}
      title={`Colours: ${theme.value}`}
      onClick={() => {
        theme.value = next;
      }}
    >
      <Icon name={icon} />
    </button>
  );
}
