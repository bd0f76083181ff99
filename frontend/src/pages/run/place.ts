/** Where on the page the reader is: tab and what is looked at closely, as the address says it. */

export const TABS = ["overview", "jobs", "timeline", "periods", "messages", "card", "tries"] as const;
export type TabId = (typeof TABS)[number];

export const tabOf = (query: URLSearchParams): TabId => TABS.find((tab) => tab === query.get("tab")) ?? "overview";

export type Inspected = { kind: "job" | "message"; uid: string } | null;

/** `inspect=job.UID` or `inspect=message.UID`. */
export function inspectedOf(query: URLSearchParams): Inspected {
  const found = /^(job|message)\.(.+)$/s.exec(query.get("inspect") ?? "");
  return found?.[2] ? { kind: found[1] as "job" | "message", uid: found[2] } : null;
}

export const inspecting = (kind: "job" | "message", uid: string): Record<string, string> => ({ inspect: `${kind}.${uid}` });

const UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What no run can be named. */
export const isUid = (text: string): boolean => UID.test(text);
