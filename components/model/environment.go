package model

import (
	"slices"

	"sagehost/components/internal/variables"
	"sagehost/kit/check"
	"sagehost/kit/secrets"
)

// Limits of ContainerDefinition.Environment: entries, characters of a value (EnvironmentValue of the service model),
// and bytes of all keys and values together. The latter are counted over all containers of a model.
const (
	maxEnvironmentEntries = 100
	maxEnvironmentValue   = 1024
	maxEnvironmentBytes   = 32 * 1024
)

// checkNotSecret reports what is declared to be no secret without need.
func (s *Spec) checkNotSecret(at check.At) {
	environments := []map[string]string{s.Environment}
	for i := range s.Containers {
		environments = append(environments, s.Containers[i].Environment)
	}
	variables.CheckNotSecret(at, s.NotSecret, environments...)
}

// SecretARNs lists the secrets that the environment names, sorted.
func (c *Container) SecretARNs() []string {
	var arns []string
	for _, value := range c.Environment {
		if secrets.ARN.MatchString(value) {
			arns = append(arns, value)
		}
	}
	slices.Sort(arns)
	return slices.Compact(arns)
}

func checkEnvironment(at check.At, environment map[string]string, notSecret []string) {
	if n := len(environment); n > maxEnvironmentEntries {
		at.Addf("has %d entries; at most %d are allowed", n, maxEnvironmentEntries)
	}
	variables.Check(at, environment, maxEnvironmentValue, notSecret)
	if n := size(environment); n > maxEnvironmentBytes {
		at.Addf("has %d bytes; at most %d are allowed", n, maxEnvironmentBytes)
	}
}

// checkEnvironments reports environments of a pipeline that are too large together, but not alone.
func checkEnvironments(at check.At, stages []Stage) {
	sum, largest := 0, 0
	for i := range stages {
		n := size(stages[i].Environment)
		sum, largest = sum+n, max(largest, n)
	}
	if sum > maxEnvironmentBytes && largest <= maxEnvironmentBytes {
		at.Addf("the environments have %d bytes together; at most %d are allowed", sum, maxEnvironmentBytes)
	}
}

func size(environment map[string]string) int {
	n := 0
	for key, value := range environment {
		n += len(key) + len(value)
	}
	return n
}
