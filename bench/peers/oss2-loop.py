# A script with oss2: one PUT for each bucket, eight at a time. Argument: the number of buckets.
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import oss2

auth = oss2.Auth(os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"], os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"])
session = oss2.Session(pool_size=8)


def put(index):
    bucket = oss2.Bucket(auth, os.environ["OSS_ENDPOINT"], f"bench-{index}", session=session, is_path_style=True)
    bucket.put_bucket_encryption(oss2.models.ServerSideEncryptionRule(oss2.SERVER_SIDE_ENCRYPTION_KMS))


with ThreadPoolExecutor(8) as pool:
    list(pool.map(put, range(int(sys.argv[1]))))
