/** Which lines took the most time? The answer that stands on the first screen. */
import type { VNode } from 'preact';
import { shareOf } from '../../src/tree/heat.ts';
import type { HotLine } from '../../src/tree/hottest-lines.ts';
import { microsecondTime, percentText, shortTime } from '../format.ts';
import { usePage } from '../page.ts';
import { shownText } from './function-name.tsx';
import { HeatBar } from './heat-bar.tsx';

/** Lines with less than this share are not worth a look. */
const leastShare = 0.01;

/** A list of lines with the text of their source; pressing one shows it in its file. */
export function HottestLines({ count }: { readonly count: number }): VNode | null {
  const { state, model } = usePage();
  const { lines, total } = model.hottest(state, count);
  const shown = lines.filter(({ seconds }) => seconds > 0 && seconds >= leastShare * total);
  if (shown.length === 0) return null;
  return (
    <section class="hottest" aria-labelledby="hottest-title">
      <h2 id="hottest-title">
        Hottest lines <span class="detail">of {shortTime(total)}</span>
      </h2>
      <ol>
        {shown.map((line) => (
          <li key={`${line.line} ${line.file}`}>
            <Line line={line} total={total} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Line({ line, total }: { readonly line: HotLine; readonly total: number }): VNode {
  const { model, dispatch } = usePage();
  const { file, line: number, seconds } = line;
  const { shortPath } = model.filesOf(model.session.processes[0]);
  const source = model.sourceLine(file, number) ?? '';
  const goThere = (): void => {
    const selected = model.functionAtLine(file, number);
    if (selected >= 0) dispatch({ kind: 'select', selection: { function: selected, line: number } });
    if (model.sourceOf(file) !== undefined) dispatch({ kind: 'show', view: 'source' });
  };
  return (
    <button type="button" class="hot-line" title={`${file}:${number}, ${microsecondTime(seconds)}`} onClick={goThere}>
      <span class="numbers">
        <HeatBar share={shareOf(seconds, total)} />
        <b>{shortTime(seconds)}</b> <span>{percentText(seconds, total)}</span>
      </span>
      <bdi class="place">{shownText(`${shortPath(file)}:${number}`)}</bdi>
      {source === '' ? null : (
        <code>
          <bdi>{shownText(source)}</bdi>
        </code>
      )}
    </button>
  );
}
