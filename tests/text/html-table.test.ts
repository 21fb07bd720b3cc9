import { expect } from "chai";
import { parseFragment } from "parse5";
import { htmlTable, htmlTableStyle } from "../../lib/text";

const columns = ["bucket", "rule", "key", "notes"].map((title) => ({ title }));

describe("a table of a page", () => {
    it("leaves out columns without content, and keeps the order of the others", () => {
        const table = htmlTable(columns, [
            { cells: ["<code>a</code>", "AES256", "", ""] },
            { cells: ["<code>b</code>", "", "", "denied"], attributes: 'data-account="shop"' },
        ]);
        expect(table).to.equal(
            [
                '<table class="cards"><thead><tr><th scope="col">bucket</th><th scope="col">rule</th><th scope="col">notes</th></tr></thead><tbody>',
                '<tr><th scope="row"><code>a</code></th><td data-label="rule"><div>AES256</div></td><td data-label="notes"><div></div></td></tr>',
                '<tr data-account="shop"><th scope="row"><code>b</code></th><td data-label="rule"><div></div></td><td data-label="notes"><div>denied</div></td></tr>',
                "</tbody></table>",
            ].join("\n"),
        );
        expect(parseFragment(table).childNodes).to.have.length(1);
    });

    it("has the name of each cell for a display on which the head is hidden", () => {
        const narrow = htmlTableStyle.slice(htmlTableStyle.indexOf("@media (max-width: 600px)"));
        expect(narrow).to.contain(".cards td::before { content: attr(data-label);");
        expect(narrow).to.contain(".cards td:has(> div:empty) { display: none; }");
    });
});
