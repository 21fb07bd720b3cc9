import * as pulumi from "@pulumi/pulumi";
import { EncryptionBaseline } from "pulumi-bucket-encryption";

// The account's id is a guard; the role reaches it.
const account = new pulumi.Config("baseline").requireObject<{ id: string; roleArn: string }>("account");

const production = new EncryptionBaseline("production", {
    account,
    select: { patterns: "prod-*" },
    sseAlgorithm: "KMS",
    exclude: { "prod-scratch": "is deleted at the end of the quarter" },
    granularity: "set",
});

// A minimum: stronger rules stay.
const elsewhere = new EncryptionBaseline("elsewhere", {
    account,
    select: { all: true },
    sseAlgorithm: "AES256",
    atLeast: true,
    exclude: { "prod-*": "belongs to the baseline of production" },
    granularity: "set",
});

export const buckets = { production: production.buckets, elsewhere: elsewhere.buckets };
