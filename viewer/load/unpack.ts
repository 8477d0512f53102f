/** What does gzip hold? As text, piece by piece, so that large recordings are never whole in memory as text. */

/** @throws TypeError for damaged bytes */
export async function* unpackedText(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<string> {
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const reader = unpacked.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    yield decoder.decode(value, { stream: true });
  }
  yield decoder.decode();
}
