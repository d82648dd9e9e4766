-- Calls of the present hour under the rules that limit them, summed over all nodes.
CREATE TABLE sg_rate_count (rule TEXT NOT NULL, caller TEXT NOT NULL, hour BIGINT NOT NULL, calls BIGINT NOT NULL, PRIMARY KEY (rule, caller, hour));
