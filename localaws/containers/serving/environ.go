package serving

import (
	"maps"
	"path/filepath"

	"sagehost/localaws/containers/environment"
)

// environ is the environment of a container: what every image has, then what its image sets, then what its model sets,
// then what SageMaker sets. Nothing comes from the environment of this process.
func (c *container) environ(port string) []string {
	values := environment.OfImage(c.program[0], c.base)
	maps.Copy(values, c.variables)
	maps.Copy(values, c.spec.Environment)
	maps.Copy(values, map[string]string{
		"AWS_REGION":         c.fleet.spec.Region,
		"AWS_DEFAULT_REGION": c.fleet.spec.Region,
		// Docker sets it to the host name that SageMaker gives the container.
		"HOSTNAME": c.spec.Hostname,
		// At AWS this is set in pipelines only; here no two containers can share port 8080.
		"SAGEMAKER_BIND_TO_PORT": port,
		// The inference toolkit looks for the model in <base>/model, and these containers in what SM_MODEL_DIR says.
		"SAGEMAKER_BASE_DIR": c.base,
		"SM_MODEL_DIR":       filepath.Join(c.base, "model"),
	})
	if c.spec.MultiModel {
		values["SAGEMAKER_MULTI_MODEL"] = "true"
	}
	return environment.List(values)
}
