"""What alibabacloud-oss-v2 sees of the local cloud. Usage: oss_v2_flow.py URL v1|v4 BUCKET. Prints one line of JSON."""

import json
import sys

import alibabacloud_oss_v2 as oss

url, version, name = sys.argv[1:4]


def client_with(secret="local-key-secret", region="cn-hangzhou"):
    config = oss.config.load_default()
    config.credentials_provider = oss.credentials.StaticCredentialsProvider("local-key-id", secret)
    config.region = region
    config.endpoint = url
    config.signature_version = version
    config.retry_max_attempts = 1
    return oss.Client(config)


client = client_with()
seen = {}


def error_of(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except oss.exceptions.OperationError as error:
        cause = error.unwrap()
        return [cause.status_code, cause.code, cause.ec]
    return "no error"


def put_rule(using=client, **rule):
    by_default = oss.ApplyServerSideEncryptionByDefault(**rule)
    request = oss.PutBucketEncryptionRequest(
        bucket=name,
        server_side_encryption_rule=oss.ServerSideEncryptionRule(apply_server_side_encryption_by_default=by_default),
    )
    return using.put_bucket_encryption(request)


def get_rule(using=client):
    result = using.get_bucket_encryption(oss.GetBucketEncryptionRequest(bucket=name))
    found = result.server_side_encryption_rule.apply_server_side_encryption_by_default
    return [found.sse_algorithm, found.kms_master_key_id, found.kms_data_encryption]


configuration = oss.CreateBucketConfiguration(storage_class="IA", data_redundancy_type="ZRS")
created = client.put_bucket(oss.PutBucketRequest(bucket=name, create_bucket_configuration=configuration))
seen["created"] = created.status_code
seen["exists"] = [client.is_bucket_exist(name), client.is_bucket_exist(name + "-missing")]
listed = client.list_buckets(oss.ListBucketsRequest(prefix=name))
seen["listed"] = [[found.name, found.region] for found in listed.buckets]
info = client.get_bucket_info(oss.GetBucketInfoRequest(bucket=name)).bucket_info
seen["info"] = [info.name, info.location, info.storage_class, info.data_redundancy_type, info.sse_rule.sse_algorithm]
seen["location"] = client.get_bucket_location(oss.GetBucketLocationRequest(bucket=name)).location

seen["noRule"] = error_of(get_rule)
seen["put"] = put_rule(sse_algorithm="KMS", kms_master_key_id="key-1", kms_data_encryption="SM4").status_code
seen["got"] = get_rule()
seen["badAlgorithm"] = error_of(put_rule, sse_algorithm="DES")
deleted = client.delete_bucket_encryption(oss.DeleteBucketEncryptionRequest(bucket=name))
seen["deleted"] = deleted.status_code
seen["afterDelete"] = error_of(get_rule)

put_rule(sse_algorithm="SM4")
put = client.put_object(oss.PutObjectRequest(bucket=name, key="dir/a b+%\u00fc.txt", body=b"hello"))
seen["object"] = [put.status_code, put.headers.get("x-oss-server-side-encryption")]
head = client.head_object(oss.HeadObjectRequest(bucket=name, key="dir/a b+%\u00fc.txt"))
seen["head"] = [head.content_length, head.server_side_encryption]
got = client.get_object(oss.GetObjectRequest(bucket=name, key="dir/a b+%\u00fc.txt"))
seen["content"] = got.body.read().decode()
pages = client.list_objects_v2_paginator().iter_page(oss.ListObjectsV2Request(bucket=name))
seen["objects"] = [[found.key, found.size] for page in pages for found in page.contents or []]
client.delete_object(oss.DeleteObjectRequest(bucket=name, key="dir/a b+%\u00fc.txt"))
seen["noObjectHead"] = error_of(client.head_object, oss.HeadObjectRequest(bucket=name, key="dir/a b+%\u00fc.txt"))

seen["wrongSecret"] = error_of(get_rule, client_with(secret="wrong"))
seen["wrongRegion"] = error_of(get_rule, client_with(region="cn-beijing"))
removed = client.delete_bucket(oss.DeleteBucketRequest(bucket=name))
seen["removed"] = removed.status_code
seen["noBucket"] = error_of(get_rule)
print(json.dumps(seen))
