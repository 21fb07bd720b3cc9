/**
 * The query parameters that V1 signs.
 * verified: the list of oss2 2.19 (`_subresource_key_set`) and the newer ones of alibabacloud-oss-v2.
 */
export const v1SignedParameters: ReadonlySet<string> = new Set(
    `accessPoint accessPointPolicy acl append asyncFetch bucketArchiveDirectRead cleanRestoredObject cloudboxes legalHold objectWorm responseHeader retention
    bucketInfo callback callback-var cname
    comp continuation-token cors delete encryption endTime group httpsConfig inventory inventoryId lifecycle link live
    location logging metaQuery objectInfo objectMeta partNumber policy position publicAccessBlock qos qosInfo
    qosRequester redundancyTransition referer regionList replication replicationLocation replicationProgress
    requestPayment requesterQosInfo resourceGroup resourcePool resourcePoolBuckets resourcePoolInfo
    response-cache-control response-content-disposition response-content-encoding response-content-language
    response-content-type response-expires restore security-token sequential startTime stat status style styleName
    symlink tagging transferAcceleration uploadId uploads versionId versioning versions vod website worm wormExtend
    wormId x-oss-ac-forward-allow x-oss-ac-source-ip x-oss-ac-subnet-mask x-oss-ac-vpc-id x-oss-access-point-name
    x-oss-async-process x-oss-process x-oss-redundancy-transition-taskid x-oss-request-payer
    x-oss-target-redundancy-type x-oss-traffic-limit x-oss-write-get-object-response`.split(/\s+/),
);
