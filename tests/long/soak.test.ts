import { soak } from "../soak/soak";
import { duration } from "./duration";

soak(duration);
