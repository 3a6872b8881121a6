package serving

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// inherited is what a program needs of this process's environment to find its interpreter and its temporary files.
// Nothing else is passed on, because a container at AWS would not have it either.
func inherited() []string { return []string{"PATH", "HOME", "USER", "TMPDIR", "LANG", "LC_ALL", "TZ"} }

// environ is the environment of a container: what it inherits, then what its image sets, then what its model sets,
// then what SageMaker sets. base is the folder that stands for /opt/ml.
func environ(region string, of Container, fromImage map[string]string, base, port string) []string {
	values := map[string]string{}
	for _, name := range inherited() {
		if value, set := os.LookupEnv(name); set {
			values[name] = value
		}
	}
	maps.Copy(values, fromImage)
	maps.Copy(values, of.Environment)
	maps.Copy(values, map[string]string{
		"AWS_REGION":         region,
		"AWS_DEFAULT_REGION": region,
		// Docker sets it to the host name that SageMaker gives the container.
		"HOSTNAME": of.Hostname,
		// At AWS this is set in pipelines only; here no two containers can share port 8080.
		"SAGEMAKER_BIND_TO_PORT": port,
		// The inference toolkit looks for the model in <base>/model, and these containers in what SM_MODEL_DIR says.
		"SAGEMAKER_BASE_DIR": base,
		"SM_MODEL_DIR":       filepath.Join(base, "model"),
	})
	if of.MultiModel {
		values["SAGEMAKER_MULTI_MODEL"] = "true"
	}
	environment := make([]string, 0, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		environment = append(environment, name+"="+values[name])
	}
	return environment
}
