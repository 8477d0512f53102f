/** Which recordings are compared, and which was faster as a whole? */
import type { VNode } from 'preact';
import { relativePercent, withSign } from '../../../src/render/diff-numbers.ts';
import { formatFixed } from '../../../src/render/fixed-point.ts';
import { unicodeGlyphs } from '../../../src/render/style.ts';
import { qualityLines } from '../../../src/render/text-header.ts';
import type { Session } from '../../../src/session/session.ts';
import { countText, shortTime } from '../../format.ts';
import type { Comparison } from '../../model/comparison.ts';
import { shownText } from '../../parts/function-name.tsx';

/** Both, and the change between them. */
export function DiffHead({ comparison }: { readonly comparison: Comparison }): VNode {
  const { before, after, settings } = comparison;
  const [from, to] = [before.meta.duration, after.meta.duration];
  const change = withSign(formatFixed(to - from, 3));
  const word = change.startsWith('+') ? 'slower' : change.startsWith('-') ? 'faster' : 'the same';
  return (
    <section class="diff-head" aria-label="What is compared">
      <Side title="Before" name={settings.names.before} session={before} />
      <Side title="After" name={settings.names.after} session={after} />
      <p class={`verdict ${word}`}>
        <b>{word}</b>
        <span>
          {change} s {relativePercent(from, to)}
        </span>
      </p>
    </section>
  );
}

interface SideProps {
  readonly title: string;
  readonly name: string;
  readonly session: Session;
}

function Side({ title, name, session: { meta } }: SideProps): VNode {
  const remarks = [...qualityLines(meta, unicodeGlyphs), ...meta.notes];
  return (
    <div>
      <h2>
        {title} <bdi class="detail clip">{shownText(name)}</bdi>
      </h2>
      <p class="duration">{formatFixed(meta.duration, 3)} s</p>
      <p class="detail">
        {countText(meta.sampleCount)} samples, CPU {shortTime(meta.cpuTime)}
      </p>
      {remarks.map((remark) => (
        <p key={remark} class="remark">
          {shownText(remark)}
        </p>
      ))}
    </div>
  );
}
