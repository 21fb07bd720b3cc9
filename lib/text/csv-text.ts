import { visible } from "./visible";

/**
 * Rows for spreadsheets (RFC 4180), each cell in quotes. A cell that a spreadsheet would take for a formula begins with an
 * apostrophe.
 * Source: https://owasp.org/www-community/attacks/CSV_Injection, with the full-width forms that spreadsheets accept too
 */
export function csvText(rows: readonly (readonly string[])[]): string {
    return rows.map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}

function cellText(value: string): string {
    const shown = visible(value, "whole");
    const isFormula = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20|%]/.test(shown);
    return `"${isFormula ? "'" : ""}${shown.replaceAll('"', '""')}"`;
}
