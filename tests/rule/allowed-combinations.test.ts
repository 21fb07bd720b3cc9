import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { allowedCombinations } from "../../lib/rule/allowed-combinations";

describe("the truth table of rules", () => {
    it("has the rows that its documentation shows, with their meanings", () => {
        const source = readFileSync(path.join(__dirname, "..", "..", "lib", "rule", "allowed-combinations.ts"), "utf8");
        const documented = [...source.matchAll(/^ \* \| (.*) \|$/gm)]
            .slice(2)
            .map(([, row = ""]) => row.split("|").map((cell) => cell.trim()));
        const rows = allowedCombinations.map(({ sseAlgorithm, kmsMasterKeyId, kmsDataEncryption, stores, meaning }) => [
            sseAlgorithm,
            kmsMasterKeyId ? "a key" : "none",
            kmsDataEncryption ? "SM4" : "none",
            stores.join(", "),
            meaning,
        ]);
        expect(rows).to.have.lengthOf(8);
        expect(rows).to.deep.equal(documented);
        expect(rows[0]).to.deep.equal(["AES256", "none", "none", "oss, s3", "keys that the store manages"]);
        expect(rows[7]).to.deep.equal(["KMS_DSSE", "a key", "none", "s3", "two layers, with a given key"]);
    });
});
