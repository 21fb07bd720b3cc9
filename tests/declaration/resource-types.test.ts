import { expect } from "chai";
import {
    bucketEncryptionSetType,
    bucketEncryptionType,
    encryptionBaselineType,
    handlerText,
    isBucketEncryption,
    isBucketEncryptionSet,
    nativeTypes,
    programModule,
    setHandlerText,
} from "../../lib/declaration";

describe("the types of this package's resources", () => {
    it("are those of every state ever written, and of policies that match them", () => {
        expect(bucketEncryptionType).to.equal("pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption");
        expect(bucketEncryptionSetType).to.equal("pulumi-nodejs:dynamic/bucket-encryption:BucketEncryptionSet");
        expect(encryptionBaselineType).to.equal("bucket-encryption:index:EncryptionBaseline");
        expect(nativeTypes).to.deep.equal({
            bucketEncryption: "bucket-encryption:index:BucketEncryption",
            bucketEncryptionSet: "bucket-encryption:index:BucketEncryptionSet",
            getBucketEncryption: "bucket-encryption:index:getBucketEncryption",
        });
    });

    it("are of one bucket or of a set, of either kind", () => {
        const singles = [bucketEncryptionType, nativeTypes.bucketEncryption];
        const sets = [bucketEncryptionSetType, nativeTypes.bucketEncryptionSet];
        const all = [...singles, ...sets, encryptionBaselineType, "alicloud:oss/bucket:Bucket", ""];
        expect(all.filter(isBucketEncryption)).to.deep.equal(singles);
        expect(all.filter(isBucketEncryptionSet)).to.deep.equal(sets);
    });

    it("are declared by classes of a module of their own kind", () => {
        expect(programModule(false)).to.equal("pulumi-bucket-encryption");
        expect(programModule(true)).to.equal("pulumi-bucket-encryption/native");
    });
});

describe("the handler texts", () => {
    it("are those of every state ever written", () => {
        const loaded = 'exports.handler = () => require("pulumi-bucket-encryption/provider")';
        expect(handlerText).to.equal(`${loaded}.bucketEncryptionProvider();`);
        expect(setHandlerText).to.equal(`${loaded}.bucketEncryptionSetProvider();`);
    });
});
