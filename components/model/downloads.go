package model

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"sagehost/kit/awsref"
	"sagehost/kit/check"
	"sagehost/kit/secrets"
)

// source is a variable that tells a stock container what to load when it starts.
type source struct {
	name string
	// always says that it counts also where the model has data of its own.
	always bool
	// code says that it names the place of code, and never a model of the Hugging Face Hub.
	code bool
}

var sources = []source{
	// Hugging Face, "Deploy models to Amazon SageMaker": its inference toolkit, TGI and TEI; others know it, too.
	{name: "HF_MODEL_ID"},
	// DJL Serving, "LMI configurations": option.model_id as a variable.
	{name: "OPTION_MODEL_ID"},
	// AWS Deep Learning Containers, "vLLM: Amazon SageMaker AI Deployment": it comes before /opt/ml/model.
	{name: "SM_VLLM_MODEL", always: true},
	// SGLang's container for SageMaker: its argument model-path.
	{name: "SM_SGLANG_MODEL_PATH", always: true},
	// SageMaker Python SDK, containers of frameworks: where the code is that serves the model.
	{name: "SAGEMAKER_SUBMIT_DIRECTORY", always: true, code: true},
}

var (
	// repositoryID is a model of the Hugging Face Hub, "name" or "owner/name", and no path.
	repositoryID = regexp.MustCompile(`^[A-Za-z0-9][\w.-]*(?:/[\w.-]+)?$`)

	// tokens are the variables by which containers log in to the Hugging Face Hub (huggingface_hub, "Environment
	// variables", and the names that it and TGI had before).
	tokens = []string{"HF_TOKEN", "HF_API_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HUGGINGFACE_HUB_TOKEN"}

	// stock matches the repositories of the containers that AWS and Hugging Face make for models of the hub (AWS Deep
	// Learning Containers, "Available images"), also where they are copied to.
	stock = regexp.MustCompile(`^(djl-inference|vllm|sglang|tei|tei-cpu|` +
		`huggingface-(pytorch|tensorflow|neuronx|vllm|sglang|llamacpp)[a-z-]*)$`)
)

// download is what a container loads over the network when it starts.
type download struct {
	variable, from string
	// hub says that it is a model of the Hugging Face Hub; anything else is in Amazon S3.
	hub bool
}

// downloads are what the container loads itself, by the variables that stock containers know.
func (c *Container) downloads() []download {
	var list []download
	for _, s := range sources {
		value := c.Environment[s.name]
		inS3 := strings.HasPrefix(value, "s3://")
		isHub := !s.code && !c.isOffline() && repositoryID.MatchString(value)
		if (inS3 || isHub) && (s.always || !c.hasData()) {
			list = append(list, download{variable: s.name, from: value, hub: isHub})
		}
	}
	return list
}

// hasData reports whether SageMaker brings the container data.
func (c *Container) hasData() bool {
	return slices.ContainsFunc(c.given(), func(key string) bool { return slices.Contains(dataKeys, key) })
}

// isOffline reports whether the container is told that all it needs from the Hugging Face Hub is in its image
// (huggingface_hub, "Environment variables").
func (c *Container) isOffline() bool {
	return slices.ContainsFunc([]string{"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"}, func(name string) bool {
		return slices.Contains([]string{"1", "ON", "TRUE", "YES"}, strings.ToUpper(c.Environment[name]))
	})
}

// checkDownloads reports what a container cannot load: without a network nothing at all, and without a way to the
// internet nothing of the Hugging Face Hub.
func (c *Container) checkDownloads(at check.At, isolated bool, rules Rules) {
	const copied = "copy the model to Amazon S3 and give it by artifactPrefix"
	fromHub := false
	for _, d := range c.downloads() {
		here := at.Key(d.variable)
		fromHub = fromHub || d.hub
		switch {
		case isolated && d.hub:
			here.Addf("%q is loaded from the Hugging Face Hub when the container starts, which networkIsolation forbids: set "+
				"networkIsolation to false, or %s; if the image holds the model, set HF_HUB_OFFLINE to 1", d.from, copied)
		case isolated:
			here.Addf("%q is loaded from Amazon S3 by the container, which networkIsolation forbids: set networkIsolation to "+
				"false, or let SageMaker bring it, by artifact or artifactPrefix", d.from)
		case d.hub && rules.Network && rules.NoInternet:
			here.Addf("%q is loaded from the Hugging Face Hub when the container starts, to which the network does not lead: "+
				"give network.natGateways, set joinNetwork to false, or %s", d.from, copied)
		}
	}
	repository := ""
	if image, err := awsref.ParseImage(c.Image); err == nil {
		repository = path.Base(image.Repository)
	}
	for _, name := range tokens {
		if fromHub && stock.MatchString(repository) && secrets.ARN.MatchString(c.Environment[name]) {
			at.Key(name).Addf("is the ARN of a secret, which the container of %s takes for the token itself: it does not ask "+
				"AWS Secrets Manager; %s", repository, copied)
		}
	}
}
