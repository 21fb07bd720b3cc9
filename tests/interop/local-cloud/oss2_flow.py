"""What oss2 sees of the local cloud. Usage: oss2_flow.py URL v1|v4 BUCKET [TOKEN KEY_ID SECRET]. Prints one line of JSON."""

import json
import sys

import oss2
from oss2.models import ServerSideEncryptionRule

url, version, name = sys.argv[1:4]
token, key_id, secret = sys.argv[4:7] or [None, "local-key-id", "local-key-secret"]

if token is not None:
    auth = oss2.StsAuth(key_id, secret, token, auth_version=version)
else:
    auth = oss2.make_auth(key_id, secret, version)
bucket = oss2.Bucket(auth, url, name, region="cn-hangzhou")
service = oss2.Service(auth, url, region="cn-hangzhou")
seen = {}


def error_of(call, *args):
    try:
        call(*args)
    except oss2.exceptions.OssError as error:
        return [error.status, error.code, error.ec]
    return "no error"


def encryption_of(result):
    headers = result.headers
    names = ["x-oss-server-side-encryption", "x-oss-server-side-encryption-key-id", "x-oss-server-side-data-encryption"]
    return [headers.get(header) for header in names]


def rule_of(result):
    return [result.sse_algorithm, result.kms_master_keyid, result.kms_data_encryption]


seen["created"] = bucket.create_bucket(
    oss2.BUCKET_ACL_PRIVATE, oss2.models.BucketCreateConfig(oss2.BUCKET_STORAGE_CLASS_IA)
).status
seen["listed"] = [found.name for found in service.list_buckets(prefix=name).buckets]
info = bucket.get_bucket_info()
seen["info"] = [info.name, info.location, info.storage_class, info.acl.grant, info.bucket_encryption_rule.sse_algorithm]
seen["location"] = bucket.get_bucket_location().location
seen["acl"] = bucket.get_bucket_acl().acl

# The flow of the OSS documentation for Python: set, get, delete.
seen["noRule"] = error_of(bucket.get_bucket_encryption)
rule = ServerSideEncryptionRule()
rule.sse_algorithm = oss2.SERVER_SIDE_ENCRYPTION_AES256
rule.kms_master_keyid = ""
seen["put"] = bucket.put_bucket_encryption(rule).status
seen["got"] = rule_of(bucket.get_bucket_encryption())
seen["deleted"] = bucket.delete_bucket_encryption().status
seen["afterDelete"] = error_of(bucket.get_bucket_encryption)

rule.sse_algorithm = oss2.SERVER_SIDE_ENCRYPTION_KMS
rule.kms_master_keyid = "key-1"
rule.kms_data_encryption = oss2.KMS_DATA_ENCRYPTION_SM4
bucket.put_bucket_encryption(rule)
seen["kms"] = rule_of(bucket.get_bucket_encryption())
seen["infoRule"] = rule_of(bucket.get_bucket_info().bucket_encryption_rule)
rule.sse_algorithm = oss2.SERVER_SIDE_ENCRYPTION_AES256
seen["keyWithoutKms"] = error_of(bucket.put_bucket_encryption, rule)

key = "dir/a b+%\u00fc.txt"
put = bucket.put_object(key, b"hello", headers={"x-oss-meta-author": "me", "Content-Type": "text/plain"})
seen["object"] = encryption_of(put)
head = bucket.head_object(key)
seen["head"] = [head.content_length, head.content_type, head.headers.get("x-oss-meta-author"), encryption_of(head)]
seen["content"] = bucket.get_object(key).read().decode()
own = bucket.put_object("own", b"", headers={"x-oss-server-side-encryption": "SM4"})
seen["ownEncryption"] = encryption_of(own)
seen["chunked"] = bucket.put_object("chunked", iter([b"a", b"b"])).status
seen["objects"] = [[found.key, found.size] for found in oss2.ObjectIteratorV2(bucket, max_keys=1)]
bucket.copy_object(name, key, "copy")
appended = bucket.append_object("log", 0, b"one")
seen["appended"] = [appended.next_position, bucket.append_object("log", appended.next_position, b"two").next_position]
upload = bucket.init_multipart_upload("big").upload_id
parts = []
for number, data in [(1, b"a" * 102400), (2, b"end")]:
    part = bucket.upload_part("big", upload, number, data)
    parts.append(oss2.models.PartInfo(number, part.etag, size=len(data), part_crc=part.crc))
seen["parts"] = [part.part_number for part in bucket.list_parts("big", upload).parts]
seen["uploads"] = [found.key for found in bucket.list_multipart_uploads().upload_list]
bucket.complete_multipart_upload("big", upload, parts)
seen["multipart"] = [bucket.get_object("big", byte_range=(102398, 102402)).read().decode(), bucket.object_exists("big")]
seen["listV1"] = [found.key for found in oss2.ObjectIterator(bucket, max_keys=2)]
tags = oss2.models.TaggingRule()
tags.add("team", "a&b")
bucket.put_bucket_tagging(oss2.models.Tagging(tags))
seen["tags"] = bucket.get_bucket_tagging().tag_set.tagging_rule
seen["byTag"] = [found.name for found in service.list_buckets(params={"tag-key": "team", "tag-value": "a&b"}).buckets]
bucket.delete_bucket_tagging()
bucket.put_bucket_acl(oss2.BUCKET_ACL_PUBLIC_READ)
seen["newAcl"] = bucket.get_bucket_acl().acl
stat = bucket.get_bucket_stat()
seen["stat"] = [stat.object_count, stat.multi_part_upload_count]
seen["batchDeleted"] = sorted(bucket.batch_delete_objects(["copy", "log", "big"]).deleted_keys)
seen["notEmpty"] = error_of(bucket.delete_bucket)
for stored in [key, "own", "chunked"]:
    bucket.delete_object(stored)
seen["noObject"] = error_of(bucket.get_object, key)
seen["noObjectHead"] = error_of(bucket.head_object, key)

# Versions, and the checksums that oss2 compares by default.
seen["neverVersioned"] = bucket.get_bucket_versioning().status
bucket.put_bucket_versioning(oss2.models.BucketVersioningConfig(oss2.BUCKET_VERSIONING_ENABLE))
first = bucket.put_object("versioned", b"one")
bucket.put_object("versioned", b"two")
seen["checksum"] = [first.crc is not None, bucket.head_object("versioned", params={"versionId": first.versionid}).server_crc == first.crc]
marker = bucket.delete_object("versioned")
seen["marker"] = [marker.delete_marker, error_of(bucket.get_object, "versioned")[:2]]
kept = bucket.get_object("versioned", params={"versionId": first.versionid})
seen["oldVersion"] = kept.read().decode()
copied = bucket.copy_object(name, "versioned", "restored", params={"versionId": first.versionid})
seen["copiedVersion"] = bucket.get_object("restored", params={"versionId": copied.versionid}).read().decode()
listed = bucket.list_object_versions()
seen["versions"] = [len(listed.versions), len(listed.delete_marker)]
for version_of in listed.versions + listed.delete_marker:
    bucket.delete_object(version_of.key, params={"versionId": version_of.versionid})

stranger = oss2.Bucket(oss2.make_auth(key_id, "wrong", version), url, name, region="cn-hangzhou")
seen["wrongSecret"] = error_of(stranger.get_bucket_encryption)
seen["notImplemented"] = error_of(bucket.put_bucket_website, oss2.models.BucketWebsite("index.html", "error.html"))
seen["removed"] = bucket.delete_bucket().status
seen["noBucket"] = error_of(bucket.get_bucket_info)
seen["wrongSecretAndNoBucket"] = error_of(stranger.get_bucket_encryption)
print(json.dumps(seen))
