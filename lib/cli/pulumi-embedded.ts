#!/usr/bin/env node
import { runInThisProcess } from "./command-io";
import { pulumiEmbedded } from "./pulumi-embedded-command";

runInThisProcess(pulumiEmbedded);
