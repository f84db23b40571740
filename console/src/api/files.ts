// Files that the node writes, put where the browser puts what it takes down.

import { answered, type Sent } from './client';

/** Ask for a file and save it under the name the node gives it, or under another; its headers. */
export async function saveFile(path: string, sent: Sent = {}, name = ''): Promise<Headers> {
  const response = await answered(path, sent);
  const told = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '');
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  [link.href, link.download] = [address, name || (told?.[1] ?? 'keepclear')];
  link.click();
  // The browser reads it after the click; soon it holds its own copy.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return response.headers;
}
