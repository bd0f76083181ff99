/** What an axis of time writes at its ticks, where the library's own words say too little. */

/** `11` alone could be anything: a day says its month. */
export const TICKS = { day: "{d} {MMM}" };
