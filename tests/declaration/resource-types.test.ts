import { expect } from "chai";
import {
    bucketEncryptionSetType,
    bucketEncryptionType,
    encryptionBaselineType,
    handlerText,
    setHandlerText,
} from "../../lib/declaration";

describe("the types of this package's resources", () => {
    it("are those of every state ever written, and of policies that match them", () => {
        expect(bucketEncryptionType).to.equal("pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption");
        expect(bucketEncryptionSetType).to.equal("pulumi-nodejs:dynamic/bucket-encryption:BucketEncryptionSet");
        expect(encryptionBaselineType).to.equal("bucket-encryption:index:EncryptionBaseline");
    });
});

describe("the handler texts", () => {
    it("are those of every state ever written", () => {
        const loaded = 'exports.handler = () => require("pulumi-bucket-encryption/provider")';
        expect(handlerText).to.equal(`${loaded}.bucketEncryptionProvider();`);
        expect(setHandlerText).to.equal(`${loaded}.bucketEncryptionSetProvider();`);
    });
});
