"""Two rules and a lookup, declared in Python. README.md says how to run it."""

import pulumi
import pulumi_bucket_encryption as encryption

logs = encryption.BucketEncryption(
    "logs",
    bucket="example-logs",
    sse_algorithm="KMS",
    kms_data_encryption="SM4",
)

fleet = encryption.BucketEncryptionSet(
    "fleet",
    buckets=["example-invoices", "example-reports"],
    sse_algorithm="AES256",
    overrides={"example-invoices": {"sse_algorithm": "KMS", "reason": "financial data"}},
)

archive = encryption.get_bucket_encryption_output(bucket="example-archive")

pulumi.export("logs", logs.sse_algorithm)
pulumi.export("buckets", fleet.buckets)
pulumi.export("archive", archive.sse_algorithm)
