/** Texts for a canvas. */

/**
 * A text that the canvas shows as it is: in its rich texts `{name|text}` is a style, and a name
 * from outside may read like that.
 */
export const plain = (text: string): string => text.replaceAll("{", "{\u2060");
