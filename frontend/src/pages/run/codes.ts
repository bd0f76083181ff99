/** The codes that a run's messages have, to choose from. */

export const CODES: readonly [code: string, name: string][] = [
  ["0000", "simulation starts"],
  ["0100", "simulation ends"],
  ["1000", "compute job starts"],
  ["1001", "simulated period begins"],
  ["1100", "compute job ends"],
  ["1900", "command failed in a compute job"],
  ["1999", "compute job dies"],
  ["2000", "post-processing job starts"],
  ["2100", "post-processing job ends"],
  ["2900", "command failed in a post-processing job"],
  ["2999", "post-processing job dies"],
  ["3000", "checker job starts"],
  ["3100", "checker job ends"],
  ["3900", "command failed in a checker job"],
  ["3999", "checker job dies"],
  ["7000", "file transfer"],
  ["7100", "model metrics"],
  ["8888", "delete a simulation"],
];
