const pictures = /\.(jpe?g|png|webp|tiff?|hei[cf]|avif|bmp|p[gpn]m|jp2|j2k)$/i;

/** Lets somebody choose pictures, or a folder of them. */
export function choose(folder: boolean, take: (files: File[]) => void): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  if (folder) input.webkitdirectory = true;
  else input.accept = "image/*,.heic,.heif,.avif,.tif,.tiff,.jp2,.ppm,.pgm,.bmp";
  input.id = "chooser";
  input.hidden = true;
  document.getElementById("chooser")?.remove();
  document.body.append(input);
  input.addEventListener("change", () => {
    const files = [...input.files ?? []];
    take(folder ? inOrder(files.filter(file => pictures.test(file.name))) : files);
    input.remove();
  });
  input.click();
}

/** The files of what was dropped: those that were dropped themselves, whatever they are, and the pictures of folders. */
export async function dropped(transfer: DataTransfer): Promise<File[]> {
  // The list is empty after the first wait.
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()), loose = [...transfer.files];
  if (!entries.some(entry => entry?.isDirectory)) return loose;
  const found = await Promise.all(entries.map(entry => entry ? walk(entry, true) : []));
  return found.flat();
}

async function walk(entry: FileSystemEntry, named = false): Promise<File[]> {
  if (entry.isFile) {
    if (entry.name.startsWith(".") || (!named && !pictures.test(entry.name))) return [];
    return [await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader(), all: FileSystemEntry[] = [];
  // It gives a hundred at a time.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    all.push(...some);
  }
  return inOrder((await Promise.all(all.map(one => walk(one)))).flat());
}

function inOrder(files: File[]): File[] {
  return files.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}
