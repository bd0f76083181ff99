/** Gives bytes to the reader as a file, byte for byte. */
export function download(bytes: Uint8Array, name: string): void {
  // A type that no browser shows: it may hold anything.
  const blob = new Blob([new Uint8Array(bytes)], { type: "application/octet-stream" });
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name.replace(/[^A-Za-z0-9.-]/g, "_");
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
