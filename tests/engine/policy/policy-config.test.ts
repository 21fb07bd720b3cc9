import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { readPolicyConfig } from "../../../lib/engine/policy/policy-config";

describe("a file of --policy-pack-config", () => {
    it("rejects a document of another shape, with the file and the place of each fault", async () => {
        const file = join(mkdtempSync(join(tmpdir(), "policy-config-")), "config.json");
        const faults: readonly (readonly [string, RegExp])[] = [
            ["null", /the document must be a map, found empty/],
            ["[]", /the document must be a map, found a list/],
            ['{"all": 7}', /"all" must be text or a map, found a number \(line 1, column 9\)/],
            ['{"all": {"limit": 5}}', /"all" has the unknown key "limit"/],
            [
                '{"a": "mandatoy"}',
                /"a" must be one of "advisory", "mandatory", "disabled", "remediate" \(line 1, column 7\)/,
            ],
            [
                '{"a": {},\n "b": {"enforcementLevel": null}, "c": 1}',
                /"b\.enforcementLevel" must be.*\(line 2, column 28\); "c" must be.*\(line 2, column 40\)/,
            ],
            ["{", /is not JSON/],
        ];
        for (const [text, fault] of faults) {
            writeFileSync(file, text);
            expect(() => readPolicyConfig(file), text)
                .to.throw(fault)
                .with.property("message")
                .that.contains(file);
        }
        rmSync(dirname(file), { recursive: true });
        expect(() => readPolicyConfig(file)).to.throw(/cannot be read \(ENOENT\)/);
    });
});
