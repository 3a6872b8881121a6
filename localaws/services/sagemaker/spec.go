package sagemaker

import (
	"cmp"
	"fmt"

	"sagehost/localaws/containers/serving"
	"sagehost/localaws/protocol/awsjson"
)

// servingSpec is what the containers of a model are.
func servingSpec(region string, model *record) serving.Spec {
	spec := serving.Spec{
		Region: region, Name: model.Name, RoleARN: model.Body.Text("ExecutionRoleArn"),
		Direct: model.Body.Object("InferenceExecutionConfig").Text("Mode") == "Direct",
	}
	for i, container := range model.containers() {
		spec.Containers = append(spec.Containers, servingContainer(container, i+1))
	}
	return spec
}

// servingContainer translates a container definition. The position gives a name to a container that has none.
func servingContainer(container awsjson.Object, position int) serving.Container {
	source := container.Object("ModelDataSource").Object("S3DataSource")
	environment := map[string]string{}
	for name := range container.Object("Environment") {
		environment[name] = container.Object("Environment").Text(name)
	}
	return serving.Container{
		Image:         container.Text("Image"),
		Hostname:      cmp.Or(container.Text("ContainerHostname"), fmt.Sprintf("container-%d", position)),
		ModelData:     cmp.Or(container.Text("ModelDataUrl"), source.Text("S3Uri")),
		Uncompressed:  source.Text("CompressionType") == "None",
		Environment:   environment,
		MultiModel:    container.Text("Mode") == "MultiModel",
		CacheDisabled: container.Object("MultiModelConfig").Text("ModelCacheSetting") == "Disabled",
	}
}

// Model tells what to serve for a model.
func (f *Fake) Model(region, name string) (serving.Spec, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	found, err := f.callNow(region).find(models, name)
	if err != nil {
		return serving.Spec{}, err
	}
	return servingSpec(region, found), nil
}
