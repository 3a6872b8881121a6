package model

import (
	"fmt"
	"slices"

	"github.com/dustin/go-humanize/english"

	"sagehost/kit/check"
	"sagehost/kit/limits"
)

// minPipeline is the least number of containers that make a pipeline: one alone is a model without any. The greatest
// is a limit of the service model.
const minPipeline = 2

// Stage is a container of a pipeline.
type Stage struct {
	// Hostname is the container's name in logs, metrics and direct requests. At most 63 letters, digits and hyphens;
	// different for each container, and given for all or for none. Default: unset, unless direct requires it.
	Hostname string `json:"hostname"`

	Container
}

// ContainerName is the name of the i-th container, counted from 0, in the logs and metrics of a pipeline.
func (s *Spec) ContainerName(i int) string {
	if name := s.Containers[i].Hostname; name != "" {
		return name
	}
	return fmt.Sprintf("container-%d", i+1)
}

func (s *Spec) checkPipeline(at check.At, rules Rules) {
	for _, key := range s.given() {
		at.Key(key).Addf("contradicts containers; give it to one of them")
	}
	list := at.Key("containers")
	_, most, _ := limits.Range("ContainerDefinitionList")
	if n := len(s.Containers); n < minPipeline || n > int(most) {
		list.Addf("has %s; %d to %v are allowed", english.Plural(n, "entry", ""), minPipeline, most)
	}
	hostnames := make([]string, len(s.Containers))
	many := -1
	for i := range s.Containers {
		stage := &s.Containers[i]
		hostnames[i] = stage.Hostname
		stage.check(list.Index(i), rules)
		if stage.MultiModel != nil && many >= 0 {
			list.Index(i).Key("multiModel").Addf("stands at containers[%d] too; one container can serve many models", many)
		} else if stage.MultiModel != nil {
			many = i
		}
	}
	checkHostnames(list, hostnames, s.Direct)
	checkEnvironments(list, s.Containers)
}

// checkHostnames: SageMaker names the containers of a pipeline itself, or none of them.
func checkHostnames(at check.At, hostnames []string, direct bool) {
	named := slices.ContainsFunc(hostnames, func(name string) bool { return name != "" })
	for i, name := range hostnames {
		here := at.Index(i).Key("hostname")
		switch {
		case name != "":
			if problem := limits.StringProblem("ContainerHostname", name); problem != "" {
				here.Addf("%s", problem)
			}
		case direct:
			here.Addf("is required for direct requests")
		case named:
			here.Addf("is required: the containers of a pipeline have hostnames all, or none")
		}
	}
	at.Unique("hostname", hostnames)
}
