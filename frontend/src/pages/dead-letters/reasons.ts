/** What the reasons of dead letters mean, and what can be done about them. */

export interface Meaning {
  /** In a few words. */
  words: string;
  /** Whose doing it is, and what happened. */
  explanation: string;
  remedy: string;
}

const SENDER = "Correct it where it is sent from. This letter will be refused again as it stands: once the run is known to be right, drop it.";

const MEANINGS = new Map<string, Meaning>(
  Object.entries({
  "not-json": {
    words: "not JSON",
    explanation: "What was sent cannot be read as JSON: cut off, quoted wrongly, or not a message at all.",
    remedy: SENDER,
  },
  "not-base64": {
    words: "not base64",
    explanation: "A line of a mail is one message in base64; this line is something else, or was damaged on its way.",
    remedy: SENDER,
  },
  "not-object": {
    words: "not an object",
    explanation: "A message is one JSON object; this is another value.",
    remedy: SENDER,
  },
  "not-a-batch": {
    words: "no messages in it",
    explanation: "No line of this mail is a message in base64: a mail of a person, perhaps, or of a mail server.",
    remedy: "Read it, and drop it if it is none of ours.",
  },
  "missing-fields": {
    words: "fields missing",
    explanation: "The message lacks fields that its type must have; the reason names them.",
    remedy: SENDER,
  },
  "bad-field": {
    words: "bad field",
    explanation: "A field has a value that it cannot have; the reason names the field.",
    remedy: SENDER,
  },
  "missing-attachment": {
    words: "attachment missing",
    explanation: "The message goes with a file that should be attached to its mail, and is not.",
    remedy: "Send the mail again, with the attachment.",
  },
  "orphan-attachment": {
    words: "attachment without a message",
    explanation: "No message of the mail asks for this attachment.",
    remedy: "Send the mail again with its message. An attachment alone cannot be resent.",
  },
  "duplicate-key": {
    words: "key given twice",
    explanation: "One object has the same key twice: nobody can say which of the two counts.",
    remedy: SENDER,
  },
  "too-large": {
    words: "too large",
    explanation: "It is above one of the limits: a message has at most 1 MiB, a mail or body 96 MiB.",
    remedy: SENDER,
  },
  "mime-limit": {
    words: "mail too intricate",
    explanation: "The mail has more headers, parts or levels than the platform reads, or a form that it does not know.",
    remedy: SENDER,
  },
  "internal-code": {
    words: "internal code",
    explanation: "Only the platform itself says this code; it came from outside.",
    remedy: "Find out who sent it. Drop it.",
  },
  "id-conflict": {
    words: "id used twice",
    explanation: "Another message with the same id and other content came before, and that one counts.",
    remedy: "The sender must give every message an id of its own. Drop this one once that is done.",
  },
  number: {
    words: "number out of range",
    explanation: "A number is beyond what can be kept exactly.",
    remedy: "Send it as text. This letter will be refused again as it stands.",
  },
  depth: {
    words: "nested too deeply",
    explanation: "Its objects and arrays lie deeper in each other than the platform reads.",
    remedy: SENDER,
  },
  encoding: {
    words: "not UTF-8",
    explanation: "Its bytes are not UTF-8, or hold half of a character.",
    remedy: SENDER,
  },
  nul: {
    words: "NUL byte",
    explanation: "It holds a NUL, which no text may have.",
    remedy: SENDER,
  },
  empty: {
    words: "empty",
    explanation: "There is nothing in it.",
    remedy: "Nothing is lost with it: drop it.",
  },
  signature: {
    words: "signature not valid",
    explanation: "The mail should be signed by its centre and is not, or not rightly.",
    remedy: "Look into it: a key that has changed, or somebody who is not the centre.",
  },
  misrouted: {
    words: "misrouted",
    explanation: "Its routing key and its content disagree, or it lies in a queue that is not meant for it.",
    remedy: "Correct the sender, or the bindings of the queue; then resend it.",
  },
  unroutable: {
    words: "no app takes it",
    explanation: "No installed app has asked for messages of this kind.",
    remedy: "Install or start an app that takes it, then resend it.",
  },
  crash: {
    words: "app failed on it",
    explanation: "The app's own code fails on this message. Its neighbours were handled all the same.",
    remedy: "Repair the app (the detail says where it failed), start it again, then resend it.",
  },
}),
);

const UNKNOWN: Meaning = {
  words: "",
  explanation: "An app refused it with a reason of its own.",
  remedy: "The app's documentation says what it means. Once the cause is mended, resend it.",
};

/** All words before the colon that the platform itself uses. */
export const REASONS: readonly string[] = [...MEANINGS.keys()];

/** The word before the colon, `missing-fields` of `missing-fields: jobuid`. */
export const codeOf = (reason: string): string => reason.split(":", 1)[0] ?? reason;

/** What stands after the colon: the field, the byte, the place; empty where there is none. */
export const placeOf = (reason: string): string => reason.slice(codeOf(reason).length + 1).trim();

/** What a reason means, for an app's own as well. */
export function meaningOf(reason: string): Meaning {
  const code = codeOf(reason);
  return MEANINGS.get(code) ?? { ...UNKNOWN, words: code };
}

const STAGES = new Map<string, [word: string, meaning: string]>([
  ["door", ["at the door", "refused where it came in"]],
  ["decode", ["decoding", "it could not be read as a message"]],
  ["handle", ["in an app", "an app could not handle it"]],
  ["route", ["routing", "it found no queue that takes it"]],
]);

export const STAGE_NAMES: readonly string[] = [...STAGES.keys()];
export const stageWord = (stage: string): string => STAGES.get(stage)?.[0] ?? stage;
export const stageMeaning = (stage: string): string => STAGES.get(stage)?.[1] ?? "";

const DOORS = new Map([
  ["smtp", "mail"],
  ["http", "HTTP"],
  ["amqp", "broker"],
  ["imap", "mailbox"],
]);
export const DOOR_NAMES: readonly string[] = [...DOORS.keys()];
export const doorWord = (door: string): string => DOORS.get(door) ?? door;

/** What is counted by `position`: lines of a mail from 1, elements of a body from 0. */
export const positionWord = (door: string, mail: string | null): string =>
  mail !== null ? "Line or part" : door === "http" ? "Element" : "Position";
