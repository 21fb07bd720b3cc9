import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { BucketStack } from "../stacks/bucket-stack";

// The engine lets a program's SDK make the text of each stack only once; every resource must still get its own.
describe("the place in the program where a resource was declared", () => {
    it("is the resource's own, in a loop and out of it", async () => {
        const cloud = await LocalCloud.start({ isStrict: true });
        for (const name of ["bucket-a", "bucket-b", "bucket-c"]) cloud.createBucket({ name });
        const stack = await new BucketStack(cloud).start();
        try {
            writeFileSync(
                path.join(stack.folder, "index.js"),
                [
                    `const { BucketEncryption } = require("${stack.module}");`,
                    'const rule = { sseAlgorithm: "SM4" };',
                    'for (const name of ["a", "b"])',
                    '    new BucketEncryption(name, { bucket: "bucket-" + name, ...rule });',
                    'new BucketEncryption("c", { bucket: "bucket-c", ...rule });',
                ].join("\n"),
            );
            await stack.deploy();
            const places = stack.rules.map(({ id, sourcePosition }) => [id, sourcePosition]);
            expect(Object.fromEntries(places)).to.deep.equal({
                "bucket-a": "project:///index.js#4,5",
                "bucket-b": "project:///index.js#4,5",
                "bucket-c": "project:///index.js#5,1",
            });
        } finally {
            stack.remove();
            await cloud.stop();
        }
    });
});
