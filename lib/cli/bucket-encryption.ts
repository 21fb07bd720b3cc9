#!/usr/bin/env node
import { bucketEncryption } from "./bucket-encryption-command";
import { runInThisProcess } from "./command-io";

runInThisProcess(bucketEncryption);
