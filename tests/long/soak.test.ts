import { soak } from "../soak/soak";
import { wholeDuration } from "./duration";

soak(wholeDuration);
