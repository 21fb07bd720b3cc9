import { expect } from "chai";
import { keyIdentity, keyOwner } from "../../lib/rule";

const account = "1000000000000001";

describe("what a key's name stands for", () => {
    for (const [name, identity] of [
        [undefined, undefined],
        ["", undefined],
        ["key-1", "key-1"],
        ["key/key-1", "key-1"],
        [`acs:kms:cn-hangzhou:${account}:key/key-1`, "key-1"],
        [`acs:kms:cn-hangzhou:${account}:alias/payments`, "alias/payments"],
        ["arn:aws:kms:eu-central-1:111122223333:key/1234abcd", "1234abcd"],
        ["arn:aws-cn:kms:cn-north-1:111122223333:alias/payments", "alias/payments"],
        ["alias/payments", "alias/payments"],
        ["alias/acs/oss", undefined],
        ["alias/aws/s3", undefined],
        [`acs:kms:cn-hangzhou:${account}:alias/acs/oss`, undefined],
        ["payments/alias/acs/oss", "payments/alias/acs/oss"],
        ["acs:kms:cn-hangzhou:1:key/key-1\n", "acs:kms:cn-hangzhou:1:key/key-1\n"],
        ["not an acs:kms:cn-hangzhou:1:key/key-1", "not an acs:kms:cn-hangzhou:1:key/key-1"],
        [`acs:kms:cn-hangzhou:${account}:`, `acs:kms:cn-hangzhou:${account}:`],
    ] as const) {
        it(`is ${identity ?? "the service's key"} for ${name ?? "none"}`, () => {
            expect(keyIdentity(name)).to.equal(identity);
        });
    }

    for (const [name, owner] of [
        [`acs:kms:cn-hangzhou:${account}:key/key-1`, { region: "cn-hangzhou", account }],
        ["arn:aws:kms:eu-central-1:111122223333:key/1", { region: "eu-central-1", account: "111122223333" }],
        ["key-1", undefined],
        ["alias/payments", undefined],
        [`acs:kms::${account}:key/key-1`, undefined],
    ] as const) {
        it(`tells ${owner === undefined ? "no owner" : `the owner ${owner.account} in ${owner.region}`} of ${name}`, () => {
            expect(keyOwner(name)).to.deep.equal(owner);
        });
    }
});
