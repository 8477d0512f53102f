/** How results are shown, and kept in RESULTS.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Budget, Suite, SuiteResult, Table } from './suite.ts';

const verdict = (budget: Budget): string =>
  budget.met === undefined ? 'not measured' : budget.met ? 'met' : '**not met**';

function budgetTable(budgets: readonly Budget[]): Table {
  const rows = budgets.map((budget) => [budget.what, budget.limit, budget.measured, verdict(budget)]);
  return { title: 'Budgets', columns: ['what', 'budget', 'measured', ''], rows };
}

/** A Markdown table with padded columns, readable as it is. */
export function tableText(table: Table): string {
  const cells = [table.columns, ...table.rows];
  const widths = table.columns.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return `### ${table.title}\n\n${[line(table.columns), rule, ...table.rows.map(line)].join('\n')}\n`;
}

/** Everything about one suite as Markdown. `context` says when, where and how it was run. */
export function suiteText(suite: Suite, result: SuiteResult, context: readonly string[]): string {
  const budgets = result.budgets.length > 0 ? [budgetTable(result.budgets)] : [];
  const notes = result.notes.map((note) => `- ${note}\n`).join('');
  const parts = [
    context.map((line) => `- ${line}\n`).join('') + notes,
    ...[...result.tables, ...budgets].map(tableText),
  ];
  return `## ${suite.title}\n\n${parts.join('\n')}`;
}

const introduction = `# Measurements

Written by \`npm run bench\`, never by hand: each section is replaced when its suite is run again, and its budgets are
computed from the figures above them. \`bench/README.md\` says what the suites do.
`;

/** Puts a suite's section into the results, in place of its earlier one. */
export function writeSection(path: string, name: string, text: string): void {
  const section = `<!-- ${name} -->\n${text}<!-- end of ${name} -->\n`;
  const before = existsSync(path) ? readFileSync(path, 'utf8') : introduction;
  const start = before.indexOf(`<!-- ${name} -->`);
  const endMark = `<!-- end of ${name} -->\n`;
  const end = before.indexOf(endMark);
  const whole =
    start >= 0 && end > start
      ? before.slice(0, start) + section + before.slice(end + endMark.length)
      : `${before.trimEnd()}\n\n${section}`;
  writeFileSync(path, whole);
}
