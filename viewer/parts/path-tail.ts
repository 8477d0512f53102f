/** How is a long path written where there is little room? By its end: that is where it differs from others. */

/** Longer ones are cut. */
const longestPath = 60;

/** `…/folder/file.py:12`: as many whole parts of the path as fit; the path itself where it fits. */
export function pathTail(path: string, most: number = longestPath): string {
  if (path.length <= most) return path;
  const tail = path.slice(-(most - 1));
  const slash = tail.search(/[/\\]/);
  return `…${slash < 0 ? tail : tail.slice(slash)}`;
}
