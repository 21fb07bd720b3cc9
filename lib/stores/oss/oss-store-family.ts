import type { StoreFamily } from "../encryption-store";
import { ossTargetIssues } from "./oss-target";

/** Alibaba Cloud OSS, and servers that speak its API. */
export const ossStoreFamily: StoreFamily = { validateTarget: ossTargetIssues };
