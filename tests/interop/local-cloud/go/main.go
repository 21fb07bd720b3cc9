// What the official SDKs for Go see of the local cloud. Usage: go1|go2 URL v1|v4 BUCKET. Prints one line of JSON.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	oss2 "github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	oss1 "github.com/aliyun/aliyun-oss-go-sdk/oss"
)

const key = "dir/a b+%\u00fc.txt"

var seen = map[string]any{}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	sdk, url, version, name := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	if sdk == "go1" {
		first(url, version, name)
	} else {
		second(url, version, name)
	}
	line := must(json.Marshal(seen))
	fmt.Println(string(line))
}

func refusal1(err error) any {
	var service oss1.ServiceError
	if errors.As(err, &service) {
		return []any{service.StatusCode, service.Code, service.Ec}
	}
	return fmt.Sprint(err)
}

func first(url, version, name string) {
	connect := func(secret string) *oss1.Client {
		auth := oss1.AuthV1
		if version == "v4" {
			auth = oss1.AuthV4
		}
		return must(oss1.New(url, "local-key-id", secret, oss1.Region("cn-hangzhou"), oss1.AuthVersion(auth)))
	}
	client := connect("local-key-secret")
	check(client.CreateBucket(name, oss1.StorageClass(oss1.StorageIA)))
	seen["exists"] = must(client.IsBucketExist(name))
	info := must(client.GetBucketInfo(name))
	seen["info"] = []any{info.BucketInfo.Name, info.BucketInfo.Location, info.BucketInfo.StorageClass, info.BucketInfo.SseRule.SSEAlgorithm}
	_, err := client.GetBucketEncryption(name)
	seen["noRule"] = refusal1(err)
	check(client.SetBucketEncryption(name, oss1.ServerEncryptionRule{
		SSEDefault: oss1.SSEDefaultRule{SSEAlgorithm: "KMS", KMSMasterKeyID: "key-1", KMSDataEncryption: "SM4"},
	}))
	rule := must(client.GetBucketEncryption(name)).SSEDefault
	seen["rule"] = []any{rule.SSEAlgorithm, rule.KMSMasterKeyID, rule.KMSDataEncryption}
	check(client.SetBucketTagging(name, oss1.Tagging{Tags: []oss1.Tag{{Key: "team", Value: "a"}}}))
	seen["tags"] = len(must(client.GetBucketTagging(name)).Tags)

	bucket := must(client.Bucket(name))
	check(bucket.PutObject(key, strings.NewReader("hello")))
	header := must(bucket.GetObjectDetailedMeta(key))
	seen["object"] = []any{header.Get("X-Oss-Server-Side-Encryption"), header.Get("X-Oss-Server-Side-Encryption-Key-Id")}
	seen["content"] = string(must(io.ReadAll(must(bucket.GetObject(key, oss1.Range(1, 3))))))
	must(bucket.CopyObject(key, "copy"))
	seen["appended"] = must(bucket.AppendObject("log", strings.NewReader("one"), 0))
	upload := must(bucket.InitiateMultipartUpload("big"))
	part := must(bucket.UploadPart(upload, strings.NewReader("part"), 4, 1))
	must(bucket.CompleteMultipartUpload(upload, []oss1.UploadPart{part}))
	names := []string{}
	for _, object := range must(bucket.ListObjects()).Objects {
		names = append(names, object.Key)
	}
	seen["objects"] = names
	stat := must(client.GetBucketStat(name))
	seen["stat"] = []any{stat.Storage, stat.ObjectCount}
	must(bucket.DeleteObjects(names))
	check(client.DeleteBucketTagging(name))
	check(client.DeleteBucketEncryption(name))
	_, err = connect("wrong").GetBucketInfo(name)
	seen["wrongSecret"] = refusal1(err)
	check(client.DeleteBucket(name))
	_, err = client.GetBucketInfo(name)
	seen["noBucket"] = refusal1(err)
	_, err = connect("wrong").GetBucketInfo(name)
	seen["wrongSecretAndNoBucket"] = refusal1(err)
}

func refusal2(err error) any {
	var service *oss2.ServiceError
	if errors.As(err, &service) {
		return []any{service.StatusCode, service.Code, service.EC}
	}
	return fmt.Sprint(err)
}

func second(url, version, name string) {
	ctx := context.Background()
	connect := func(secret string) *oss2.Client {
		signature := oss2.SignatureVersionV1
		if version == "v4" {
			signature = oss2.SignatureVersionV4
		}
		config := oss2.LoadDefaultConfig().
			WithCredentialsProvider(credentials.NewStaticCredentialsProvider("local-key-id", secret)).
			WithRegion("cn-hangzhou").WithEndpoint(url).WithSignatureVersion(signature).WithRetryMaxAttempts(1)
		return oss2.NewClient(config)
	}
	client := connect("local-key-secret")
	bucket := oss2.Ptr(name)
	must(client.PutBucket(ctx, &oss2.PutBucketRequest{Bucket: bucket, CreateBucketConfiguration: &oss2.CreateBucketConfiguration{StorageClass: oss2.StorageClassIA}}))
	seen["exists"] = must(client.IsBucketExist(ctx, name))
	info := must(client.GetBucketInfo(ctx, &oss2.GetBucketInfoRequest{Bucket: bucket})).BucketInfo
	seen["info"] = []any{*info.Name, *info.Location, *info.StorageClass, *info.SseRule.SSEAlgorithm}
	get := func() (*oss2.GetBucketEncryptionResult, error) {
		return client.GetBucketEncryption(ctx, &oss2.GetBucketEncryptionRequest{Bucket: bucket})
	}
	_, err := get()
	seen["noRule"] = refusal2(err)
	must(client.PutBucketEncryption(ctx, &oss2.PutBucketEncryptionRequest{Bucket: bucket, ServerSideEncryptionRule: &oss2.ServerSideEncryptionRule{
		ApplyServerSideEncryptionByDefault: &oss2.ApplyServerSideEncryptionByDefault{
			SSEAlgorithm: oss2.Ptr("KMS"), KMSMasterKeyID: oss2.Ptr("key-1"), KMSDataEncryption: oss2.Ptr("SM4")}}}))
	rule := must(get()).ServerSideEncryptionRule.ApplyServerSideEncryptionByDefault
	seen["rule"] = []any{*rule.SSEAlgorithm, *rule.KMSMasterKeyID, *rule.KMSDataEncryption}
	must(client.PutBucketTags(ctx, &oss2.PutBucketTagsRequest{Bucket: bucket, Tagging: &oss2.Tagging{TagSet: &oss2.TagSet{
		Tags: []oss2.Tag{{Key: oss2.Ptr("team"), Value: oss2.Ptr("a")}}}}}))
	seen["tags"] = len(must(client.GetBucketTags(ctx, &oss2.GetBucketTagsRequest{Bucket: bucket})).Tagging.TagSet.Tags)

	must(client.PutObject(ctx, &oss2.PutObjectRequest{Bucket: bucket, Key: oss2.Ptr(key), Body: strings.NewReader("hello")}))
	head := must(client.HeadObject(ctx, &oss2.HeadObjectRequest{Bucket: bucket, Key: oss2.Ptr(key)}))
	seen["object"] = []any{*head.ServerSideEncryption, *head.ServerSideEncryptionKeyId}
	got := must(client.GetObject(ctx, &oss2.GetObjectRequest{Bucket: bucket, Key: oss2.Ptr(key), Range: oss2.Ptr("bytes=1-3")}))
	seen["content"] = string(must(io.ReadAll(got.Body)))
	must(client.CopyObject(ctx, &oss2.CopyObjectRequest{Bucket: bucket, Key: oss2.Ptr("copy"), SourceKey: oss2.Ptr(key)}))
	appended := must(client.AppendObject(ctx, &oss2.AppendObjectRequest{Bucket: bucket, Key: oss2.Ptr("log"), Position: oss2.Ptr(int64(0)), Body: strings.NewReader("one")}))
	seen["appended"] = appended.NextPosition
	upload := must(client.InitiateMultipartUpload(ctx, &oss2.InitiateMultipartUploadRequest{Bucket: bucket, Key: oss2.Ptr("big")}))
	part := must(client.UploadPart(ctx, &oss2.UploadPartRequest{Bucket: bucket, Key: oss2.Ptr("big"), UploadId: upload.UploadId, PartNumber: 1, Body: bytes.NewReader([]byte("part"))}))
	must(client.CompleteMultipartUpload(ctx, &oss2.CompleteMultipartUploadRequest{Bucket: bucket, Key: oss2.Ptr("big"), UploadId: upload.UploadId,
		CompleteMultipartUpload: &oss2.CompleteMultipartUpload{Parts: []oss2.UploadPart{{PartNumber: 1, ETag: part.ETag}}}}))
	names := []string{}
	objects := []oss2.DeleteObject{}
	for _, object := range must(client.ListObjectsV2(ctx, &oss2.ListObjectsV2Request{Bucket: bucket})).Contents {
		names = append(names, *object.Key)
		objects = append(objects, oss2.DeleteObject{Key: object.Key})
	}
	seen["objects"] = names
	stat := must(client.GetBucketStat(ctx, &oss2.GetBucketStatRequest{Bucket: bucket}))
	seen["stat"] = []any{stat.Storage, stat.ObjectCount}
	must(client.DeleteMultipleObjects(ctx, &oss2.DeleteMultipleObjectsRequest{Bucket: bucket, Objects: objects}))
	must(client.DeleteBucketTags(ctx, &oss2.DeleteBucketTagsRequest{Bucket: bucket}))
	must(client.DeleteBucketEncryption(ctx, &oss2.DeleteBucketEncryptionRequest{Bucket: bucket}))
	_, err = connect("wrong").GetBucketInfo(ctx, &oss2.GetBucketInfoRequest{Bucket: bucket})
	seen["wrongSecret"] = refusal2(err)
	must(client.DeleteBucket(ctx, &oss2.DeleteBucketRequest{Bucket: bucket}))
	_, err = get()
	seen["noBucket"] = refusal2(err)
	_, err = connect("wrong").GetBucketInfo(ctx, &oss2.GetBucketInfoRequest{Bucket: bucket})
	seen["wrongSecretAndNoBucket"] = refusal2(err)
}
