/** The mails under a reader's eyes: a page of HTTP, then what the stream tells. */

import type { Mail, Page } from "../../api/types";
import type { LiveEvent } from "../../live/protocol";

export interface Mails {
  /** It begins with the newest. */
  newest: boolean;
  items: readonly Mail[];
  /** Newest first: came since, not shown yet. */
  held: readonly Mail[];
  next: string | null;
  total: number;
  atLeast: boolean;
  /** The end was let go of: a new page would have a way on. */
  trimmed: boolean;
}

/** So many are kept on the first page, however many come in. */
const MOST = 100;

export const mailsOf = (cursor: string | null, page: Page<Mail>): Mails => ({
  newest: cursor === null,
  items: page.items,
  held: [],
  next: page.next,
  total: page.total ?? page.total_at_least ?? page.items.length,
  atLeast: page.total === undefined,
  trimmed: false,
});

/** The stream has told; `reading`: rows must not move. */
export function told(mails: Mails, events: readonly LiveEvent[], reading: boolean): Mails {
  const news = events.filter(isNews).map((event) => event.data as Mail);
  if (!news.length) return mails;
  const newest = new Map(news.map((mail) => [mail.id, mail]));
  const put = (mail: Mail) => newest.get(mail.id) ?? mail;
  const [items, held] = [mails.items.map(put), mails.held.map(put)];
  const known = new Set([...items, ...held].map((mail) => mail.id));
  // One that came before, of another page: a relay that tries again.
  const fresh = [...newest.values()].filter((mail) => !known.has(mail.id) && mail.receipts <= 1).reverse();
  const after = { ...mails, items, held: [...fresh, ...held], total: mails.total + fresh.length };
  return reading || !after.newest ? after : release(after);
}

const isNews = (event: LiveEvent): boolean => event.type === "mail" && event.data !== null;

/** Show what waits. */
export function release(mails: Mails): Mails {
  if (!mails.held.length) return mails;
  const items = [...mails.held, ...mails.items];
  if (items.length <= MOST) return { ...mails, items, held: [] };
  // What is let go of at the end is not found by the cursor, which begins after it.
  return { ...mails, items: items.slice(0, MOST), held: [], next: null, trimmed: true };
}

/** How many messages it carried. */
export const messagesIn = (mail: Mail): number => Object.values(mail.messages).reduce((sum, number) => sum + number, 0);
