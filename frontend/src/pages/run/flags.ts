/** What the platform marks, in words. */

const RUN: Record<string, string> = {
  incomplete: "Its start (0000) or every compute job of it has not been heard of: names and progress may be missing",
  inconsistent: "It is said to end before it begins: its progress cannot be told",
};

const JOB: Record<string, string> = {
  "delay-default": "Its warning delay makes no sense: the default of a day stands for it",
  "end-conflict": "It was said to have ended in more than one way: the last one counts",
  inconsistent: "Its clock cannot be right: it ended before it started, lasted for decades or spoke of a time to come",
};

const MESSAGE: Record<string, string> = {
  "uid-derived": "It came without an id: one was made of its bytes and its mail's date",
  "timestamp-missing": "It came without a time: that of its mail, or of its arrival, counts",
  "timestamp-future": "Its time is more than an hour after its arrival, which counts",
  "producer-invalid": "Its producer is no proper word: it counts as unknown",
  "delay-default": "Its warning delay makes no sense: the default counts",
  "card-missing": "A simulation started without its config card",
  "seq-invalid": "Its sequence number makes no sense and is left out",
  "repaired-padding": "Its base64 lacked its padding, which was added",
  "repaired-backslashes": "Its JSON could be read only without its backslashes",
};

const BOOKS = { run: RUN, job: JOB, message: MESSAGE };

/** The meaning of a flag; of one that is not known here, none. */
export const flagMeaning = (of: keyof typeof BOOKS, flag: string): string | null =>
  Object.hasOwn(BOOKS[of], flag) ? (BOOKS[of][flag] ?? null) : null;
