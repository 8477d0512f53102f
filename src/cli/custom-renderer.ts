/** How does a report format of the user's own get loaded? */
import { statSync } from 'node:fs';
import module from 'node:module';
import { parse, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type OptionTable, optionKinds } from '../render/options.ts';
import { defineRenderer, type Renderer, type RendererSpec } from '../render/renderer.ts';
import { TimesinkError } from '../util/errors.ts';

/**
 * Loads the module at `path`, relative to the working directory, whose default export is a {@link Renderer} or says at least
 * what `run` of a {@link RendererSpec} does.
 * @throws TimesinkError `USAGE`, saying what is wrong with it
 */
export async function loadRenderer(path: string): Promise<Renderer> {
  const file = resolve(path);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw cannotLoad(path, 'there is no such file');
  if (/\.[cm]?ts$/.test(file) && !loadsTypeScript()) {
    throw cannotLoad(path, `Node.js ${process.version} does not load TypeScript`, {
      hint: 'Use Node.js 22.18 or newer, or compile the file to JavaScript.',
    });
  }
  provideOurselves();
  let exported: unknown;
  try {
    const namespace = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { default?: unknown };
    exported = namespace.default;
  } catch (cause) {
    throw cannotLoad(path, messageOf(cause), { hint: 'With --debug the place in it is shown.', cause });
  }
  return checked(rendererFrom(exported, path), path);
}

/** Since 22.18 without a flag. */
function loadsTypeScript(): boolean {
  return 'typescript' in process.features && Boolean(process.features.typescript);
}

/** Lets `import … from 'timesink'` in the module mean this timesink, wherever the module lies; from Node.js 22.15 on. */
function provideOurselves(): void {
  const { registerHooks } = module as unknown as { readonly registerHooks?: RegisterHooks };
  const here = import.meta.url;
  const library = new URL('./index.js', here);
  if (registerHooks === undefined || !statSync(fileURLToPath(library), { throwIfNoEntry: false })) return;
  registerHooks({
    resolve: (specifier, context, next) => next(specifier === 'timesink' ? library.href : specifier, context),
  });
}

type Resolve = (specifier: string, context: unknown) => unknown;
type RegisterHooks = (hooks: {
  readonly resolve: (specifier: string, context: unknown, next: Resolve) => unknown;
}) => void;

function rendererFrom(exported: unknown, path: string): Renderer {
  const has = (name: string): boolean =>
    typeof exported === 'object' && exported !== null && typeof Reflect.get(exported, name) === 'function';
  // Methods may be those of a class, which a copy would lack.
  if (has('render') && has('check')) {
    const renderer = exported as Renderer;
    return {
      ...completed(renderer, path),
      check: (options) => renderer.check(options),
      render: (...args) => renderer.render(...args),
    };
  }
  if (has('run')) {
    const spec = exported as RendererSpec<OptionTable>;
    const { checkTogether } = spec;
    return defineRenderer({
      ...completed(spec, path),
      ...(checkTogether === undefined ? {} : { checkTogether: (values) => checkTogether.call(spec, values) }),
      run: (...args) => spec.run(...args),
    });
  }
  const problem = 'its default export has no function run(session, options, context)';
  throw cannotLoad(path, problem, { hint: interfaceHint });
}

const interfaceHint = 'docs/custom-renderers.md says what it needs.';

/** What a format says of itself, and what it need not say. */
type Facts = Pick<Renderer, 'name' | 'aliases' | 'extensions' | 'isBinary' | 'summary' | 'options'>;

function completed(given: Partial<Facts>, path: string): Facts {
  const { name = parse(path).name, extensions = [], isBinary = false, summary = '', options = {} } = given;
  const facts: Facts = { name, aliases: [], extensions, isBinary, summary, options };
  const wrong = wrongMember(facts);
  if (wrong !== undefined) throw cannotLoad(path, `its ${wrong}`, { hint: interfaceHint });
  return facts;
}

/** Nothing has checked the types of what a module exports. */
function wrongMember(spec: Readonly<Record<keyof Facts, unknown>>): string | undefined {
  if (typeof spec.name !== 'string') return 'name is no text';
  if (!Array.isArray(spec.extensions) || !spec.extensions.every((end) => typeof end === 'string')) {
    return 'extensions are no list of texts';
  }
  if (typeof spec.isBinary !== 'boolean') return 'isBinary is neither true nor false';
  if (typeof spec.options !== 'object' || spec.options === null) return 'options are no table';
  for (const [name, option] of Object.entries(spec.options) as readonly (readonly [string, unknown])[]) {
    const kind = typeof option === 'object' && option !== null && 'kind' in option ? option.kind : undefined;
    if (!optionKinds.some((known) => known === kind)) {
      return `option ${name} has none of the kinds ${optionKinds.join(', ')}`;
    }
  }
  return undefined;
}

/** With errors that say whose they are, and results refused that cannot be written. */
function checked(renderer: Renderer, path: string): Renderer {
  return {
    ...renderer,
    check: (options) => {
      try {
        renderer.check(options);
      } catch (cause) {
        if (cause instanceof TimesinkError) throw cause;
        throw new TimesinkError('USAGE', `the report format ${path} refuses: ${messageOf(cause)}`, { cause });
      }
    },
    render: (session, options, context) => {
      const result: unknown = renderer.render(session, options, context);
      if (typeof result === 'string' || result instanceof Uint8Array) return result;
      throw new Error(`${path} gave ${result instanceof Promise ? 'a promise' : typeof result}, not text or bytes`);
    },
  };
}

function cannotLoad(path: string, reason: string, options: { hint?: string; cause?: unknown } = {}): TimesinkError {
  return new TimesinkError('USAGE', `cannot load the report format ${path}: ${reason}`, options);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
