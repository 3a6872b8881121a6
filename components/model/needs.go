package model

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/execrole"
)

// Needs are what the model's role must let its containers do.
func (a *Args) Needs() []execrole.Container {
	if a.PackageARN != "" {
		return a.packageNeeds()
	}
	containers := a.containers()
	needs := make([]execrole.Container, len(containers))
	for i := range containers {
		c := &containers[i]
		needs[i] = execrole.Container{SecretARNs: c.SecretARNs()}
		if c.IsPrivate() {
			needs[i].CredentialsProviderARN = c.ImageConfig.RepositoryCredentialsProviderARN
		} else {
			needs[i].Image = c.Image
		}
		needs[i].ForeignKey = c.foreign()
		if c.ArtifactPrefix != "" || c.MultiModel != nil {
			needs[i].PrefixURI = c.data
		} else {
			needs[i].ArtifactURI = c.data
		}
	}
	return slices.Concat(needs, downloadNeeds(containers, a.Isolated()))
}

// downloadNeeds are what containers that have a network must read to load it from Amazon S3.
func downloadNeeds(containers []container, isolated bool) []execrole.Container {
	var needs []execrole.Container
	for i := range containers {
		for _, d := range containers[i].downloads() {
			switch {
			case isolated || d.hub:
			case strings.HasSuffix(d.from, ".tar.gz"):
				needs = append(needs, execrole.Container{ArtifactURI: pulumi.String(d.from), ForeignKey: true})
			default:
				needs = append(needs, execrole.Container{PrefixURI: pulumi.String(d.from), ForeignKey: true})
			}
		}
	}
	return needs
}

func (a *Args) packageNeeds() []execrole.Container {
	var needs []execrole.Container
	if arns := a.SecretARNs(); len(arns) > 0 {
		needs = append(needs, execrole.Container{SecretARNs: arns})
	}
	for _, image := range a.PackageImages {
		needs = append(needs, execrole.Container{Image: image})
	}
	for _, prefix := range a.PackagePrefixes {
		needs = append(needs, execrole.Container{PrefixURI: pulumi.String(prefix), ForeignKey: true})
	}
	return needs
}

// foreign reports whether the data is where the user says, under a key that only the owner of the bucket knows.
func (c *container) foreign() bool { return c.data != nil && !c.WantsURI() }
