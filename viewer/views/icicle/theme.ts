/** Which colours and fonts does a canvas draw with? Those of the page's style sheet, as they are right now. */
import { type Palette, palettes } from './palette.ts';
import type { Activity } from './strip.ts';

/** Everything that drawing takes from the style sheet. */
export interface DrawTheme {
  readonly palette: Palette;
  readonly ground: string;
  readonly panel: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly guide: string;
  readonly found: string;
  readonly foundText: string;
  readonly focus: string;
  readonly own: string;
  readonly accent: string;
  readonly strip: Readonly<Record<Activity, string>>;
  /** Of boxes: every character of ASCII is `characterWidth` wide. */
  readonly font: string;
  readonly headFont: string;
  readonly smallFont: string;
  /** Whether the system dictates colours: then boxes are outlines. */
  readonly isForced: boolean;
}

/** Names of colours in the style sheet, and what the system has in their place where it dictates colours. */
const systemColours = {
  ground: 'Canvas',
  panel: 'Canvas',
  text: 'CanvasText',
  faint: 'CanvasText',
  line: 'GrayText',
  guide: 'GrayText',
  found: 'Mark',
  'found-text': 'MarkText',
  focus: 'Highlight',
  own: 'CanvasText',
  accent: 'Highlight',
  mild: 'CanvasText',
  warm: 'CanvasText',
  hot: 'CanvasText',
  'strong-line': 'GrayText',
} as const;

/** Reads the theme as it applies to an element. */
export function readTheme(element: HTMLElement): DrawTheme {
  const probe = element.ownerDocument.createElement('span');
  element.append(probe);
  const style = getComputedStyle(probe);
  const isForced = matchMedia('(forced-colors: active)').matches;
  probe.style.setProperty('forced-color-adjust', 'none');
  const colour = (name: keyof typeof systemColours): string => {
    probe.style.color = isForced ? systemColours[name] : `var(--${name})`;
    return style.color;
  };
  const family = (name: string): string => {
    probe.style.fontFamily = `var(--${name})`;
    return style.fontFamily;
  };
  const [mono, sans] = [family('mono'), family('sans')];
  const theme: DrawTheme = {
    palette: isLight(colour('text')) ? palettes.dark : palettes.light,
    ground: colour('ground'),
    panel: colour('panel'),
    text: colour('text'),
    faint: colour('faint'),
    line: colour('line'),
    guide: colour('guide'),
    found: colour('found'),
    foundText: colour('found-text'),
    focus: colour('focus'),
    own: colour('own'),
    accent: colour('accent'),
    strip: {
      idle: colour('strong-line'),
      onCpu: colour('mild'),
      holdsGil: colour('own'),
      waitsForGil: colour('warm'),
      collectsGarbage: colour('hot'),
      notSampled: colour('faint'),
    },
    font: `11px ${mono}`,
    headFont: `600 12px ${sans}`,
    smallFont: `11px ${sans}`,
    isForced,
  };
  probe.remove();
  return theme;
}

/** Of a computed colour. */
function isLight(colour: string): boolean {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return red * 0.3 + green * 0.59 + blue * 0.11 > 128;
}
