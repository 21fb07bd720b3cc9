# The bridged provider's own resource. It waits five seconds after each write.
terraform {
  required_providers {
    alicloud = {
      source = "aliyun/alicloud"
    }
  }
}

variable "buckets" {
  type = number
}

variable "endpoint" {
  type = string
}

provider "alicloud" {
  region                 = "cn-hangzhou"
  skip_region_validation = true
  protocol               = "HTTP"
  endpoints {
    oss = var.endpoint
  }
}

resource "alicloud_oss_bucket_server_side_encryption" "rule" {
  count         = var.buckets
  bucket        = "bench-${count.index}"
  sse_algorithm = "KMS"
}
