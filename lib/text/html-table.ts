import { htmlText } from "./html-text";

/** A column of a table in a page. */
export interface HtmlColumn {
    readonly title: string;
}

/** A row, with HTML in its cells: one for each column. */
export interface HtmlRow {
    readonly cells: readonly string[];
    /** Attributes of the row, as HTML. */
    readonly attributes?: string;
}

/**
 * A table that a narrow display shows as cards, by `htmlTableStyle`. Columns without content are left out. The first column is a
 * card's title.
 * @param bodyId the id of its body, for a script
 */
export function htmlTable(columns: readonly HtmlColumn[], rows: readonly HtmlRow[], bodyId?: string): string {
    const shown = columns
        .map(({ title }, index) => ({ title, index }))
        .filter(({ index }) => index === 0 || rows.some(({ cells }) => (cells[index] ?? "") !== ""));
    const head = shown.map(({ title }) => `<th scope="col">${htmlText(title)}</th>`).join("");
    const body = rows.map(({ cells, attributes }) => {
        const shownCells = shown.map(({ title, index }) => cellOf(title, cells[index] ?? "", index === 0));
        return `<tr${attributes === undefined ? "" : ` ${attributes}`}>${shownCells.join("")}</tr>`;
    });
    const id = bodyId === undefined ? "" : ` id="${bodyId}"`;
    return [`<table class="cards"><thead><tr>${head}</tr></thead><tbody${id}>`, ...body, "</tbody></table>"].join("\n");
}

const cellOf = (title: string, cell: string, isFirst: boolean): string =>
    isFirst ? `<th scope="row">${cell}</th>` : `<td data-label="${htmlText(title)}"><div>${cell}</div></td>`;

/** The style of such tables. Names, in `code`, do not break; one that is wider than its card scrolls there. */
export const htmlTableStyle = `
table.cards { width: 100%; border-collapse: collapse; }
.cards th, .cards td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); font-weight: inherit; }
.cards thead th { font-weight: 600; white-space: nowrap; }
.cards th[scope=row], .cards .name { white-space: nowrap; }
.cards td > div { overflow-wrap: anywhere; min-width: 6rem; }
@media (max-width: 600px) {
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards, .cards tbody, .cards tr, .cards th, .cards td { display: block; }
  .cards tr { border: 1px solid var(--line); border-radius: .4rem; margin: .75rem 0; padding: .25rem 0; }
  .cards tr[hidden] { display: none; }
  .cards th, .cards td { border: 0; padding: .25rem .75rem; }
  .cards th[scope=row] { overflow-x: auto; font-weight: 600; }
  .cards td { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: .5rem; }
  .cards td::before { content: attr(data-label); opacity: .75; }
  .cards td:has(> div:empty) { display: none; }
}
`;
