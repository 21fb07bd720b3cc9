/** Loaded into the SDK's provider hosts and policy packs before their script runs. */
import { prepareChild } from "./prepare-child";

prepareChild(__filename);
