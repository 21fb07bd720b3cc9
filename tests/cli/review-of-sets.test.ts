import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { BucketStack } from "../stacks/bucket-stack";

const command = path.join(__dirname, "..", "..", "dist", "cli", "bucket-encryption.js");

const program = `
const { BucketEncryptionSet } = require("pulumi-bucket-encryption");
new BucketEncryptionSet("fleet", JSON.parse(process.env.DECLARED));
`;

describe("bucket-encryption review of a deployed set", () => {
    let cloud: LocalCloud;
    let stack: BucketStack;
    before(async () => {
        cloud = await LocalCloud.start();
        for (const name of ["example-a", "example-b", "example-c"]) cloud.createBucket({ name });
        stack = await new BucketStack(cloud).start();
        writeFileSync(path.join(stack.folder, "index.js"), program);
    });
    after(async () => {
        stack.remove();
        await cloud.stop();
    });

    async function reviewed(): Promise<Record<string, string>> {
        const input = await stack.succeed("preview", "--json");
        const { stdout, stderr } = spawnSync(process.execPath, [command, "review", "--json"], {
            encoding: "utf8",
            input,
        });
        expect(stderr).to.equal("");
        const { changes } = JSON.parse(stdout).stacks[0];
        return Object.fromEntries(changes.map(({ bucket, class: name }: Record<string, string>) => [bucket, name]));
    }

    it("classifies the change of each of its buckets", async () => {
        const set = { buckets: ["example-a", "example-b"], sseAlgorithm: "KMS", onDelete: "remove" };
        stack.declare(set as never);
        expect(await reviewed()).to.deep.equal({ "example-a": "added", "example-b": "added" });
        await stack.deploy();
        stack.declare({ ...set, buckets: ["example-a", "example-c"], sseAlgorithm: "AES256" } as never);
        expect(await reviewed()).to.deep.equal({
            "example-a": "weakened",
            "example-b": "removed",
            "example-c": "added",
        });
    });
});
