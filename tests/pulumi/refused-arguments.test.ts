import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as dynamic from "../../lib";
import * as native from "../../lib/native";

const described: readonly (readonly [given: unknown, description: string])[] = [
    [undefined, "undefined"],
    [null, "null"],
    ["logs", "a string"],
    [7, "a number"],
    [["logs"], "a list"],
    [() => ({ bucket: "logs" }), "a function"],
    [Promise.resolve({ bucket: "logs" }), "a promise"],
    [pulumi.output({ bucket: "logs" }), "an output"],
    [new Map([["bucket", "logs"]]), "another object"],
];
const cure =
    "Give one object with the arguments, with lists and plain objects in it. Outputs and promises are values in it.";

/** What a program in JavaScript calls, which no types check. */
type Call = (args: unknown) => unknown;
const makes = (resource: unknown): Call => {
    const Resource = resource as new (name: string, args: unknown) => unknown;
    return (args) => new Resource("logs", args);
};
const calls: Readonly<Record<string, readonly [of: string, call: Call]>> = {
    BucketEncryption: ['The resource "logs"', makes(dynamic.BucketEncryption)],
    BucketEncryptionSet: ['The resource "logs"', makes(dynamic.BucketEncryptionSet)],
    EncryptionBaseline: ['The baseline "logs"', makes(dynamic.EncryptionBaseline)],
    "BucketEncryption of the plugin": ['The resource "logs"', makes(native.BucketEncryption)],
    "BucketEncryptionSet of the plugin": ['The resource "logs"', makes(native.BucketEncryptionSet)],
    "Provider of the plugin": ['The provider "logs"', makes(native.Provider)],
    getBucketEncryption: ["getBucketEncryption", native.getBucketEncryption as Call],
    getBucketEncryptionOutput: ["getBucketEncryptionOutput", native.getBucketEncryptionOutput as Call],
};

describe("arguments that are no object", () => {
    for (const [name, [of, call]] of Object.entries(calls)) {
        it(`rejects them for ${name}`, () => {
            for (const [given, description] of described) {
                // An instance of the provider needs none.
                if (given === undefined && name.startsWith("Provider")) continue;
                const message = `${of} needs an object with its arguments, and got ${description}. ${cure}`;
                expect(() => call(given), description).to.throw(pulumi.RunError, message);
            }
        });
    }
});

describe("arguments with a value that engines would take for an empty object", () => {
    const overrides = new Map([["logs", { sseAlgorithm: "SM4" }]]);
    const account = { through: [new Set(["acs:ram::1000000000000001:role/one"])] };
    const given = { bucket: "logs", buckets: new Set(["logs"]), sseAlgorithm: "KMS", overrides, account };
    const said =
        "holds values that engines cannot take: `buckets` is a Set, `overrides` is a Map, `account.through[0]` is a Set";

    for (const [name, [of, call]] of Object.entries(calls)) {
        it(`rejects all of them for ${name}`, () => {
            expect(() => call(given)).to.throw(pulumi.RunError, `${of} ${said}. ${cure}`);
        });
    }
});

describe("arguments with half of a surrogate pair, which gRPC leaves out of a text", () => {
    const given = {
        bucket: "lo\ud800gs",
        buckets: ["logs", "au\udc00dit"],
        sseAlgorithm: "KMS",
        overrides: { "lo\ud800gs": { sseAlgorithm: "SM4" } },
    };
    const said =
        "holds values that engines cannot take: `bucket` has half of a character, `buckets[1]` has half of a character, a name in `overrides` has half of a character";

    for (const [name, [of, call]] of Object.entries(calls)) {
        it(`rejects all of them for ${name}`, () => {
            expect(() => call(given)).to.throw(pulumi.RunError, `${of} ${said}. ${cure}`);
        });
    }

    it("rejects the name of a bucket that is looked up", () => {
        for (const { BucketEncryption } of [dynamic, native])
            expect(() => BucketEncryption.get("archive", "lo\ud800gs")).to.throw(
                pulumi.RunError,
                'The resource "archive" holds values that engines cannot take: `id` has half of a character.',
            );
    });
});
