// Hands a file to the browser to be saved. Its address is given back later: a browser may still be reading it.
const LATER_MS = 60_000;

export function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), LATER_MS);
}
