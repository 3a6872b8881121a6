package transform

import (
	"fmt"
	"maps"
	"strconv"
)

// strategy is the batch strategy as containers and logs spell it.
func (s settings) strategy() string {
	if s.single {
		return "SINGLE_RECORD"
	}
	return "MULTI_RECORD"
}

// containerEnvironment adds to a container's environment what SageMaker tells containers of batch jobs (the names are
// those that the local mode of its Python SDK sets), and what the job says.
func (s settings) containerEnvironment(environment map[string]string) map[string]string {
	all := map[string]string{
		"SAGEMAKER_BATCH":                     "true",
		"SAGEMAKER_BATCH_STRATEGY":            s.strategy(),
		"SAGEMAKER_MAX_PAYLOAD_IN_MB":         strconv.FormatInt(s.payload, 10),
		"SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": strconv.FormatInt(s.concurrency, 10),
	}
	maps.Copy(all, environment)
	for name := range s.environment {
		all[name] = s.environment.Text(name)
	}
	return all
}

// summary is the line that starts the log of a job.
func (s settings) summary() string {
	return fmt.Sprintf("MaxConcurrentTransforms=%d, MaxPayloadInMB=%d, BatchStrategy=%s",
		s.concurrency, s.payload, s.strategy())
}
